import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { isWaiting } from '#domain/appointment/own-day.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { isLateAt, lookOf } from '#renderer/clinic/look.ts'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import { stateOfVisit } from '#renderer/clinic/sync-states.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { isKeptHere } from '#renderer/local-db/allotments.ts'
import { useOwnLeases, usePatientLookup, useSyncStatus, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import classes from './my-day.module.css'
import type { MyDay } from './use-my-day.ts'

type ListProps = {
  readonly clinic: Clinic
  readonly myDay: MyDay
  readonly onVisit: (id: AppointmentId) => void
}

const idOf = (visit: Appointment): string => `own-visit-${visit.id}`

/** The visits of the day by time: one tab stop, arrows or J and K walk. */
export function VisitList({ clinic, myDay, onVisit }: ListProps) {
  const { t } = useTranslation()
  const now = useNow()
  const hasArrived = useSyncStatus().initialSync.done
  const list = useRef<HTMLDivElement>(null)
  const { visits, selected, today, day } = myDay
  // biome-ignore lint/correctness/useExhaustiveDependencies: another visit is brought into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [selected?.id])
  if (visits === undefined) return null
  if (visits.length === 0)
    return <p className={classes.empty}>{t(hasArrived ? 'my-day.no-visits' : 'board.not-arrived')}</p>
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = {
      ArrowDown: myDay.next,
      ArrowUp: myDay.previous,
      Home: visits[0],
      End: visits.at(-1),
    }[event.key]
    if (!to) return
    event.preventDefault()
    onVisit(to.id)
  }
  const firstAhead = day === today ? visits.find(({ start }) => start > now) : undefined
  return (
    <div
      ref={list}
      className={classes.list}
      role="listbox"
      aria-label={t('my-day.visits')}
      aria-activedescendant={selected && idOf(selected)}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {visits.map((visit) => (
        <Row
          key={visit.id}
          clinic={clinic}
          visit={visit}
          isSelected={visit === selected}
          isFirstAhead={visit === firstAhead}
          onVisit={onVisit}
        />
      ))}
    </div>
  )
}

type RowProps = {
  readonly clinic: Clinic
  readonly visit: Appointment
  readonly isSelected: boolean
  readonly isFirstAhead: boolean
  readonly onVisit: (id: AppointmentId) => void
}

function Row({ clinic, visit, isSelected, isFirstAhead, onVisit }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(visit.patientId)
  const look = lookOf(visit)
  const mark = useMark(clinic, visit)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the keys of its options
    <div
      id={idOf(visit)}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      className={classes.row}
      data-look={look}
      data-first-ahead={isFirstAhead || undefined}
      onClick={() => onVisit(visit.id)}
    >
      <time className={classes.time}>{format.time(visit.start)}</time>
      <bdi className={classes.name}>{patient?.name ?? t('my-day.no-name')}</bdi>
      <span className={classes.what}>
        {[clinic.typeOf(visit.typeId)?.name, visit.reason].filter(Boolean).join(' · ')}
        {(patient?.alerts.length ?? 0) > 0 && <strong className={classes.hasAlert}>{t('my-day.has-alert')}</strong>}
      </span>
      <span className={classes.marks}>
        <Wait visit={visit} />
        {mark && <span className={classes.mark}>{mark}</span>}
        <StatusBadge look={look} />
      </span>
    </div>
  )
}

/** How long somebody has waited, or is overdue; nothing for anybody else. */
export function Wait({ visit }: { readonly visit: Appointment }) {
  const { t } = useTranslation()
  const now = useNow()
  if (isWaiting(visit) && visit.arrivedAt !== null) {
    const minutes = Math.max(0, minutesBetween(visit.arrivedAt, now))
    return (
      <span className={classes.wait} data-long={minutes >= LONG_WAIT_MINUTES || undefined}>
        {t('my-day.waiting', { count: minutes })}
      </span>
    )
  }
  if (!isLateAt(visit, now)) return null
  return (
    <span className={classes.wait} data-long>
      {t('my-day.overdue', { count: minutesBetween(visit.start, now) })}
    </span>
  )
}

/** Waiting longer than this is amber everywhere. */
const LONG_WAIT_MINUTES = 20

/** What of the visit only this computer knows; nothing while the server answers: it would flicker. */
function useMark(clinic: Clinic, visit: Appointment): string | null {
  const { t } = useTranslation()
  const isUnsent = useUnsent('appointments').has(visit.id)
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const isKept = isKeptHere(visit, useOwnLeases(), clinic.typeOf)
  const state = stateOfVisit({ visit, isUnsent, isOnline, isKept })
  return state === 'provisional' || state === 'final' || state === 'to-send' ? t(`state.${state}`) : null
}
