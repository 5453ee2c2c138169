import type { TFunction } from 'i18next'
import type { ReportSchedule } from '#domain/api/report-api.ts'

export const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** When a schedule runs: `Every Monday at 07:00`. */
export function timesInWords(
  t: TFunction,
  { weekday, dayOfMonth, localTime }: Pick<ReportSchedule, 'weekday' | 'dayOfMonth' | 'localTime'>,
): string {
  if (weekday !== null) {
    const day = t(`reports.weekdays.${String(weekday) as Weekday}`)
    return t('reports.every-week', { day, time: localTime })
  }
  if (dayOfMonth !== null) return t('reports.every-month', { day: dayOfMonth, time: localTime })
  return t('reports.every-day', { time: localTime })
}
