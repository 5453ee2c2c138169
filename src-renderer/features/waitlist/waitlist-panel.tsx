import { Button, CloseButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { EntryForm } from './entry-form.tsx'
import { entryWords } from './entry-words.ts'
import type { FreedTime } from './use-freed-times.ts'
import type { TakeTime } from './use-take-time.ts'
import classes from './waitlist.module.css'

type WaitlistProps = {
  readonly clinic: Clinic
  readonly entries: readonly WaitlistEntry[]
  readonly freed: readonly FreedTime[]
  readonly take: TakeTime
  readonly patientStep: (id: PatientId | null, onPatient: (id: PatientId | null) => void) => ReactNode
  readonly onTaken: (visit: Appointment) => void
  /** Looks for a time in the booking panel. */
  readonly onBook: (entry: WaitlistEntry) => void
  readonly onClose: () => void
}

/** Who waits for a time; on top the times that became free, each with those it could serve. */
export function WaitlistPanel(props: WaitlistProps) {
  const { clinic, entries, freed, patientStep, onClose } = props
  const { t } = useTranslation()
  /** The entry that is edited, `new` for one to come. */
  const [edited, setEdited] = useState<WaitlistEntry | 'new' | null>(null)
  useHotkeys([{ keys: 'Escape', run: () => (edited ? setEdited(null) : onClose()) }])
  return (
    <section className={classes.panel} aria-label={t('waitlist.title')}>
      <header className={classes.head}>
        <h2>
          {t('waitlist.title')} <span className={classes.total}>{entries.length}</span>
        </h2>
        <CloseButton size="sm" onClick={onClose} aria-label={t('panel.close')} />
      </header>
      {edited ? (
        <EntryForm
          key={edited === 'new' ? 'new' : edited.id}
          clinic={clinic}
          entry={edited === 'new' ? null : edited}
          patientStep={patientStep}
          onDone={() => setEdited(null)}
        />
      ) : (
        <>
          {freed.map((time) => (
            <Freed key={`${time.doctorId}${time.start}`} time={time} {...props} />
          ))}
          {entries.length === 0 && <p className={classes.quiet}>{t('waitlist.nobody')}</p>}
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} {...props} onEdit={() => setEdited(entry)} />
          ))}
          <div className={classes.foot}>
            <Button
              data-autofocus
              leftSection={<IconPlus size={14} stroke={2} aria-hidden />}
              onClick={() => setEdited('new')}
            >
              {t('waitlist.add')}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}

function Freed({ time, clinic, take, onTaken }: WaitlistProps & { readonly time: FreedTime }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const { doctorId, start, fits } = time
  const title = t('waitlist.freed', { time: format.moment(start), doctor: clinic.doctorOf(doctorId)?.name ?? '' })
  const book = async (entry: WaitlistEntry): Promise<void> => {
    const visit = await take.bookEntry(entry, { doctorId, start })
    if (visit) onTaken(visit)
  }
  return (
    <section className={classes.freed} aria-label={title}>
      <h3>{title}</h3>
      {fits.map((entry, index) => {
        const name = lookup(entry.patientId)?.name ?? '…'
        return (
          <div key={entry.id} className={classes.fit}>
            <bdi className={classes.name}>{name}</bdi>
            {isOnline && (
              <Button
                size="compact-sm"
                aria-label={t('waitlist.offer-to', { name })}
                onClick={() => void take.offer(entry, { doctorId, start })}
              >
                {t('waitlist.offer')}
              </Button>
            )}
            <Button
              size="compact-sm"
              variant={index === 0 ? 'filled' : 'default'}
              aria-label={t('waitlist.book-for', { name })}
              onClick={() => void book(entry)}
            >
              {t('waitlist.book')}
            </Button>
          </div>
        )
      })}
    </section>
  )
}

function EntryRow({ entry, clinic, onBook, onEdit }: WaitlistProps & { entry: WaitlistEntry; onEdit: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = usePatientLookup()(entry.patientId)?.name ?? '…'
  return (
    <article className={classes.entry} aria-label={name}>
      <button type="button" className={classes.open} onClick={onEdit}>
        <bdi className={classes.name}>{name}</bdi>
        <span className={classes.about}>
          {clinic.typeOf(entry.typeId)?.name}
          {entry.kind === 'recall' && ` · ${t('waitlist.recall')}`}
        </span>
        <bdi className={classes.about}>{entryWords(entry, clinic, t, format)}</bdi>
        {entry.note !== '' && <span className={classes.note}>{entry.note}</span>}
        <span className={classes.about}>
          {entry.status === 'offered'
            ? t('waitlist.offered')
            : t('waitlist.since', { day: format.day(localDayOf(entry.createdAt, clinic.zone)) })}
        </span>
        <span className="visually-hidden">{t('waitlist.edit')}</span>
      </button>
      {clinic.mayEver('book-appointment') && (
        <Button size="compact-sm" onClick={() => onBook(entry)}>
          {t('waitlist.find')}
          <bdi className="visually-hidden"> {name}</bdi>
        </Button>
      )}
    </article>
  )
}
