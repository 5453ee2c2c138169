import { Button, CloseButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { type SessionPlace, sessionId, sessionsAmong } from '#domain/appointment/group-session.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { GRACE_MS } from '#renderer/local-db/place-check.ts'
import { appointmentsOfDays } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import classes from './session-panel.module.css'

type SessionProps = {
  readonly clinic: Clinic
  readonly place: SessionPlace
  readonly onOpen: (visit: Appointment) => void
  /** Begins a booking for this time. */
  readonly onAdd: () => void
  readonly onWaitlist: () => void
  readonly onClose: () => void
}

/** A group at one time: how many places are taken, who has them, and the way to one more. */
export function SessionPanel(props: SessionProps) {
  const { clinic, place, onClose } = props
  const { t } = useTranslation()
  const format = useFormat()
  const visits = useMembers(clinic, place)
  const type = clinic.typeOf(place.typeId)
  const capacity = type?.capacity ?? 1
  useHotkeys([{ keys: 'Escape', run: onClose }])
  return (
    <article className={classes.panel} aria-label={t('group.title')}>
      <header className={classes.head}>
        <h2>
          <bdi>{type?.name}</bdi>
        </h2>
        <CloseButton size="sm" onClick={onClose} aria-label={t('panel.close')} />
        <p className={classes.about}>
          <bdi className="tabular">
            {format.moment(place.start)}–{format.time(place.end)}
          </bdi>{' '}
          <bdi>{clinic.doctorOf(place.doctorId)?.name}</bdi>
        </p>
        <p className={classes.places} role="status">
          {t('group.places', { taken: visits.length, capacity })}
          {visits.length < capacity && ` · ${t('group.left', { count: capacity - visits.length })}`}
        </p>
      </header>
      <AddPatient {...props} isFull={visits.length >= capacity} />
      <Members visits={visits} onOpen={props.onOpen} />
    </article>
  )
}

function useMembers(clinic: Clinic, place: SessionPlace): readonly Appointment[] {
  const { database } = useLocalDb()
  const lookup = usePatientLookup()
  const day = localDayOf(place.start, clinic.zone)
  const visits = useRxQuery(useMemo(() => appointmentsOfDays(database, [day]), [database, day])) ?? []
  const session = sessionsAmong(visits, (id) => clinic.typeOf(id)?.capacity ?? 1).find(
    ({ id }) => id === sessionId(place),
  )
  const nameOf = ({ patientId }: Appointment): string => lookup(patientId)?.name ?? ''
  return session?.visits.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b))) ?? []
}

/** Full groups take one more from whoever may overbook; the others are told, and put people on the waitlist. */
function AddPatient({ clinic, place, isFull, onAdd, onWaitlist }: SessionProps & { readonly isFull: boolean }) {
  const { t } = useTranslation()
  const now = useNow()
  const row = { doctorId: place.doctorId, patientId: '' as Appointment['patientId'] }
  const isOver = place.start < now - GRACE_MS
  const canAdd = !isOver && clinic.may('book-appointment', row) && (!isFull || clinic.may('overbook-appointment', row))
  useHotkeys(canAdd ? [{ keys: 'b', run: onAdd }] : [])
  return (
    <div className={classes.add}>
      {isFull && <p className={classes.full}>{refusalSentence(t, 'group-full')}</p>}
      {isOver && <p className={classes.full}>{refusalSentence(t, 'in-the-past')}</p>}
      {canAdd && (
        <Button
          variant={isFull ? 'default' : 'filled'}
          leftSection={<IconPlus size={14} stroke={2} aria-hidden />}
          rightSection={<KeyHint keys="b" />}
          onClick={onAdd}
        >
          {t(isFull ? 'group.add-anyway' : 'group.add')}
        </Button>
      )}
      {isFull && !isOver && clinic.mayEver('manage-waitlist') && (
        <Button onClick={onWaitlist}>{t('group.waitlist')}</Button>
      )}
    </div>
  )
}

function Members({
  visits,
  onOpen,
}: {
  readonly visits: readonly Appointment[]
  readonly onOpen: SessionProps['onOpen']
}) {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  return (
    <section className={classes.members} aria-label={t('group.members')}>
      <h3>{t('group.members')}</h3>
      <ul>
        {visits.map((visit, index) => (
          <li key={visit.id}>
            <button
              type="button"
              data-autofocus={index === 0 || undefined}
              className={classes.member}
              onClick={() => onOpen(visit)}
            >
              <bdi>{lookup(visit.patientId)?.name ?? '…'}</bdi>
              {visit.overbookReason !== '' && <span className={classes.full}>{t('card.overbooked')}</span>}
              <StatusBadge look={lookOf(visit)} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
