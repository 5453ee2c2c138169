import { isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'

/**
 * A birth date as people type it: `3.3.1971`, `03/03/1971`, `03031971`, `1971-03-03`; day before month unless the year leads.
 * @param today no one is born later
 * @returns null when the text is no day that has been
 */
export function parseBirthDate(text: string, today: LocalDay): LocalDay | null {
  const trimmed = text.trim()
  const yearFirst = /^(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})$/.exec(trimmed)
  const dayFirst = /^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})$/.exec(trimmed) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(trimmed)
  const [year, month, day] = yearFirst ? yearFirst.slice(1) : (dayFirst?.slice(1).toReversed() ?? [])
  if (year === undefined || month === undefined || day === undefined) return null
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isLocalDay(date) && date <= today && date >= '1890-01-01' ? date : null
}
