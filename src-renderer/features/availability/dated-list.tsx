import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AvailabilityChange } from '#domain/api/availability-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { Schedule } from '#domain/schedule/schedule-schemas.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { useLocalDb, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import { schedulesOfDoctor } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import classes from './availability.module.css'

type ListProps = {
  readonly doctorId: DoctorId
  readonly today: LocalDay
  readonly onAsk: (change: AvailabilityChange) => void
}

/** Leave, extra hours and holidays to come: what replaces the weekly rule on these days. */
export function DatedList({ doctorId, today, onAsk }: ListProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { database } = useLocalDb()
  const unsent = useUnsent('schedules')
  const found = useRxQuery(useMemo(() => schedulesOfDoctor(database, doctorId, today), [database, doctorId, today]))
  const groups = useMemo(() => groupsOf(found ?? []), [found])
  if (found === undefined) return null
  if (groups.length === 0) return <p className={classes.quiet}>{t('availability.no-dated')}</p>
  return (
    <ul className={classes.dated} aria-label={t('availability.dated-list')}>
      {groups.map((group) => {
        const [first, last] = [group[0], group.at(-1)]
        if (!first || !last) return null
        const days = first === last ? format.day(first.date) : `${format.day(first.date)} – ${format.day(last.date)}`
        const isUnsent = group.some(({ id }) => unsent.has(id))
        return (
          <li key={first.id}>
            <strong>{days}</strong>
            <span>
              {[
                wordOf(first),
                first.startTime === first.endTime ? t('availability.all-day') : `${first.startTime}–${first.endTime}`,
                first.note,
                isUnsent ? t('availability.kept-here') : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
            {first.closureId === null && !isUnsent && (
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={t('availability.withdraw-days', { days })}
                onClick={() => onAsk({ kind: 'withdraw', scheduleIds: group.map(({ id }) => id) })}
              >
                {t('availability.withdraw')}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )

  function wordOf({ closureId, isAvailable }: Schedule): string {
    if (closureId !== null) return t('availability.kind.holiday')
    return t(isAvailable ? 'availability.kind.extra-hours' : 'availability.kind.leave')
  }
}

/** Days that follow each other and say the same stand as one line. */
function groupsOf(schedules: readonly Schedule[]): readonly (readonly Schedule[])[] {
  const sorted = schedules.toSorted((a, b) =>
    a.date === b.date ? (a.startTime < b.startTime ? -1 : 1) : a.date < b.date ? -1 : 1,
  )
  const groups: Schedule[][] = []
  for (const schedule of sorted) {
    const group = groups.find((one) => {
      const last = one.at(-1)
      return last && addDays(last.date, 1) === schedule.date && wordsOf(last) === wordsOf(schedule)
    })
    if (group) group.push(schedule)
    else groups.push([schedule])
  }
  return groups
}

const wordsOf = ({ startTime, endTime, isAvailable, closureId, note }: Schedule): string =>
  [startTime, endTime, isAvailable, closureId, note].join('\n')
