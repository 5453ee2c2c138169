import { Button } from '@mantine/core'
import { IconAlertTriangle, IconChevronRight, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { minutesBetween } from '#domain/time/instant.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { cameAt } from '#domain/waitlist/walk-in.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import type { FreedTime } from './use-freed-times.ts'
import classes from './waitlist.module.css'

type SectionsProps = {
  readonly clinic: Clinic
  readonly entries: readonly WaitlistEntry[]
  readonly walkIns: readonly WaitlistEntry[]
  readonly freed: readonly FreedTime[]
  readonly onWalkIn: (entry: WaitlistEntry | null) => void
  readonly onWaitlist: () => void
}

/** Who came without a booking, and how many wait for a time; the second one rises when a time frees that somebody could use. */
export function WaitingSections({ clinic, entries, walkIns, freed, onWalkIn, onWaitlist }: SectionsProps) {
  const { t } = useTranslation()
  return (
    <>
      <section aria-label={t('walk-in.title')}>
        <h2 className={classes.title}>
          <span>{t('walk-in.title')}</span>
          <Button
            size="compact-sm"
            leftSection={<IconPlus size={13} stroke={2} aria-hidden />}
            rightSection={<KeyHint keys="w" />}
            onClick={() => onWalkIn(null)}
          >
            {t('walk-in.add')}
          </Button>
        </h2>
        {walkIns.length === 0 && <p className={classes.quiet}>{t('walk-in.nobody')}</p>}
        {walkIns.map((entry) => (
          <WalkInRow key={entry.id} clinic={clinic} entry={entry} onOpen={() => onWalkIn(entry)} />
        ))}
      </section>
      <section aria-label={t('waitlist.title')} className={classes.foremost}>
        <button
          type="button"
          className={classes.summary}
          data-raised={freed.length > 0 || undefined}
          onClick={onWaitlist}
        >
          <strong>{t('waitlist.title')}</strong>
          {freed.length > 0 && (
            <span className={classes.raised}>
              <IconAlertTriangle size={12} stroke={2} aria-hidden />{' '}
              {t('waitlist.freed-count', { count: freed.length })}
            </span>
          )}
          <span className={classes.total}>{entries.length}</span>
          <IconChevronRight size={15} stroke={1.8} className={classes.arrow} aria-hidden />
        </button>
      </section>
    </>
  )
}

type RowProps = { readonly clinic: Clinic; readonly entry: WaitlistEntry; readonly onOpen: () => void }

function WalkInRow({ clinic, entry, onOpen }: RowProps) {
  const { t } = useTranslation()
  const now = useNow()
  const lookup = usePatientLookup()
  const since = cameAt(entry, clinic.zone) ?? entry.createdAt
  const minutes = Math.max(0, minutesBetween(since, now))
  const isLong = minutes >= clinic.waitingLimitMinutes
  const [doctorId] = entry.doctorIds
  return (
    <button type="button" className={classes.row} onClick={onOpen}>
      <bdi className={classes.name}>{lookup(entry.patientId)?.name ?? '…'}</bdi>
      <bdi className={classes.minutes} data-long={isLong || undefined}>
        {t('waiting.minutes', { count: minutes })}
      </bdi>
      <span className={classes.about}>
        {clinic.typeOf(entry.typeId)?.name} ·{' '}
        <bdi>{doctorId ? clinic.doctorOf(doctorId)?.name : t('walk-in.first-free')}</bdi>
      </span>
      {isLong && (
        <span className={classes.mark}>
          <IconAlertTriangle size={12} stroke={2} aria-hidden /> {t('waiting.long')}
        </span>
      )}
    </button>
  )
}

/** Says aloud which time became free and how many it could serve; stands outside of any panel, so that it is always heard. */
export function FreedVoice({ clinic, freed }: Pick<SectionsProps, 'clinic' | 'freed'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const [newest] = freed
  return (
    <div className="visually-hidden" aria-live="polite">
      {newest &&
        t('waitlist.freed-spoken', {
          count: newest.fits.length,
          time: format.moment(newest.start),
          doctor: clinic.doctorOf(newest.doctorId)?.name ?? '',
        })}
    </div>
  )
}
