import { useTranslation } from 'react-i18next'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import classes from './my-day.module.css'
import type { MyDay } from './use-my-day.ts'

/** Yesterday, today and the week ahead, each with how many visits it has. */
export function DayStrip({ myDay, onDay }: { readonly myDay: MyDay; readonly onDay: (day: LocalDay) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { days, day, today, countOf } = myDay
  return (
    <nav className={classes.strip} aria-label={t('my-day.days')}>
      {days.map((each) => (
        <button
          key={each}
          type="button"
          className={classes.tab}
          aria-current={each === day ? 'date' : undefined}
          onClick={() => onDay(each)}
        >
          <span>{each === today ? t('header.today') : format.day(each)}</span>
          <bdi className={classes.tabCount} aria-hidden>
            {countOf(each)}
          </bdi>
          <span className="visually-hidden">, {t('my-day.count', { count: countOf(each) })}</span>
        </button>
      ))}
    </nav>
  )
}
