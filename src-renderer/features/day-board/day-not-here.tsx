import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Reach, WINDOW_DAYS, windowOf } from '#domain/sync/window.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import classes from './day-not-here.module.css'

type DayNotHereProps = {
  readonly day: LocalDay
  readonly reach: Exclude<Reach, 'held'>
  readonly today: LocalDay
  readonly onDay: (day: LocalDay) => void
}

/** Stands where the board would be on a day outside the replicated window: an empty board would say that nobody is booked. */
export function DayNotHere({ day, reach, today, onDay }: DayNotHereProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { from, until } = windowOf(today)
  const nearest = reach === 'before' ? from : addDays(until, -1)
  return (
    <div className={classes.notice} role="status">
      <h2 className={classes.title}>{t('board.not-here.title', { day: format.longDay(day) })}</h2>
      <p className={classes.words}>
        {reach === 'before'
          ? t('board.not-here.before', { count: WINDOW_DAYS.past })
          : t('board.not-here.beyond', {
              count: WINDOW_DAYS.ahead,
              opens: format.longDay(addDays(day, -WINDOW_DAYS.ahead)),
            })}
      </p>
      <Button variant="default" onClick={() => onDay(nearest)}>
        {t('board.not-here.go', { day: format.longDay(nearest) })}
      </Button>
    </div>
  )
}
