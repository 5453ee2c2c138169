import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { localDayOf, toLocal } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { isLateAt, type Look, lookOf } from '#renderer/clinic/look.ts'
import { isStale } from '#renderer/clinic/sync-states.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useLastContact } from '#renderer/clinic/use-last-contact.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { ZoneNote } from '#renderer/clinic/zone-note.tsx'
import { nextFreeLocally } from '#renderer/local-db/free-times-local.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { GridTarget } from '#renderer/ui/time-grid/grid-types.ts'
import classes from './day-board.module.css'

type StripProps = {
  readonly clinic: Clinic
  readonly appointments: readonly Appointment[] | undefined
  readonly isToday: boolean
  /** Whether the strip counts a day: a week and a month have their own numbers. */
  readonly isDay: boolean
  readonly controls: ReactNode
  /** Puts the cursor on a free time of the shown day. */
  readonly onFree: (target: GridTarget) => void
}

/** The day in four numbers, the next free times, and what the hues mean. */
export function CountStrip({ clinic, appointments = [], isDay, controls, onFree, ...props }: StripProps) {
  const { t } = useTranslation()
  const now = useNow()
  // Before the first doctor is here there is nothing to count, and none of it would be true.
  const hasDay = isDay && clinic.doctors.length > 0
  const isToday = props.isToday && hasDay
  // Until working hours have come there is nothing free, which would be a lie.
  const hasAllOfToday = useSyncStatus().initialSync.done
  const looks = Map.groupBy(
    appointments.filter(({ status }) => holdsTime(status)),
    lookOf,
  )
  const count = (look: Look): number => looks.get(look)?.length ?? 0
  const booked = [...looks.values()].reduce((sum, { length }) => sum + length, 0)
  const late = appointments.filter((appointment) => isLateAt(appointment, now)).length
  return (
    <div className={classes.strip}>
      <AsOf clinic={clinic} />
      {hasDay && <Count value={booked} label={t('board.booked')} />}
      {isToday && <Count value={count('arrived')} label={t('board.waiting')} />}
      {isToday && <Count value={count('in-room')} label={t('board.in-room')} />}
      {isToday && <Count value={late} label={t('board.late')} isUrgent={late > 0} />}
      {isToday && hasAllOfToday && <NextFree clinic={clinic} appointments={appointments} onFree={onFree} />}
      <span className={classes.space} />
      {hasDay && <Legend />}
      <ZoneNote zone={clinic.zone} />
      {controls}
    </div>
  )
}

/** How old the board may be, once the server has been out of reach for some time. */
function AsOf({ clinic }: Pick<StripProps, 'clinic'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const lastContact = useLastContact()
  const isOld = lastContact !== null && isStale(lastContact, now)
  const isToday = isOld && localDayOf(lastContact, clinic.zone) === localDayOf(now, clinic.zone)
  return (
    <span className={classes.stale} role="status">
      {isOld && t('state.stale', { time: isToday ? format.time(lastContact) : format.moment(lastContact) })}
    </span>
  )
}

function Count({ value, label, isUrgent = false }: { value: number; label: string; isUrgent?: boolean }) {
  return (
    <span className={classes.count} data-urgent={isUrgent || undefined}>
      <strong>{value}</strong> {label}
    </span>
  )
}

/** The earliest free times of the most common type today; worked out again when a visit or the minute changes. */
function NextFree({ clinic, appointments, onFree }: Pick<StripProps, 'clinic' | 'appointments' | 'onFree'>) {
  const { t } = useTranslation()
  const now = useNow()
  const free = useNextFree(clinic, appointments, now)
  if (!free) return null
  const today = free.filter(({ start }) => toLocal(start, clinic.zone).day === toLocal(now, clinic.zone).day)
  const [first, ...others] = today
  return (
    <span className={classes.nextFree} ref={showWholeOnly}>
      {/* The words stand with the first time or not at all. */}
      <span className={classes.firstFree}>
        <span>{today.length > 0 ? t('board.next-free') : t('board.nothing-free')}</span>
        {first && <FreeTime {...{ clinic, onFree }} free={first} />}
      </span>
      {others.map((one) => (
        <FreeTime key={`${one.doctorId}${one.start}`} {...{ clinic, onFree }} free={one} />
      ))}
    </span>
  )
}

type FreeTimeProps = Pick<StripProps, 'clinic' | 'onFree'> & { readonly free: Alternative }

function FreeTime({ clinic, onFree, free: { doctorId, start } }: FreeTimeProps) {
  const format = useFormat()
  return (
    <button
      type="button"
      className={classes.freeTime}
      onClick={() => onFree({ columnId: doctorId, minute: toLocal(start, clinic.zone).minuteOfDay })}
    >
      <bdi>{clinic.doctorOf(doctorId)?.name}</bdi> <time>{format.time(start)}</time>
    </button>
  )
}

/** What wrapped onto the line that is cut off is neither seen nor reached by key. */
function showWholeOnly(line: HTMLElement | null): (() => void) | undefined {
  if (!line) return
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries)
        (target as HTMLElement).style.visibility = intersectionRatio < WHOLE ? 'hidden' : ''
    },
    { root: line, threshold: WHOLE },
  )
  const watch = (): void => {
    for (const child of line.children) observer.observe(child)
  }
  const changes = new MutationObserver(watch)
  changes.observe(line, { childList: true })
  watch()
  return () => {
    observer.disconnect()
    changes.disconnect()
  }
}
/** Borders and rounding take a little. */
const WHOLE = 0.9

function useNextFree(clinic: Clinic, appointments: readonly Appointment[] = [], now: number) {
  const [free, setFree] = useState<readonly Alternative[]>()
  const { desk, bookable, types } = clinic
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answer depends on the visits and on the minute
  useEffect(() => {
    let isCurrent = true
    const shortest = types.toSorted((a, b) => a.durationMinutes - b.durationMinutes)
    const perDoctor = bookable.map(async ({ id }) => {
      const type = shortest.find(({ doctorIds }) => doctorIds.length === 0 || doctorIds.includes(id))
      return type ? nextFreeLocally(desk, { typeId: type.id, doctorIds: [id], limit: 1 }) : []
    })
    void Promise.all(perDoctor).then((answers) => {
      const earliest = answers.flat().toSorted((a, b) => a.start - b.start)
      if (isCurrent) setFree(earliest.slice(0, 2))
    })
    return () => {
      isCurrent = false
    }
  }, [desk, bookable, types, appointments, now])
  return free
}

const LEGEND = ['pending', 'confirmed', 'arrived', 'in-room', 'done'] as const

function Legend() {
  const { t } = useTranslation()
  return (
    <span className={classes.legend}>
      {LEGEND.map((look) => (
        <span key={look} className={classes.key}>
          <i className={classes.swatch} data-look={look} />
          {t(`status.${look}`)}
        </span>
      ))}
    </span>
  )
}
