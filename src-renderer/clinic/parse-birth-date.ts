import { isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'

/**
 * A birth date as people type it: `3.3.1971`, `03/03/71`, `03031971`, `030371`, `1971-03-03`; day before month unless the year
 * leads. A year of two digits is the latest that has been.
 * @param today no one is born later
 * @returns null when the text is no day that has been
 */
export function parseBirthDate(text: string, today: LocalDay): LocalDay | null {
  const trimmed = text.trim()
  const yearFirst = /^(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})$/.exec(trimmed)
  const dayFirst =
    /^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})$/.exec(trimmed) ?? /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(trimmed)
  const [year, month, day] = yearFirst ? yearFirst.slice(1) : (dayFirst?.slice(1).toReversed() ?? [])
  if (year === undefined || month === undefined || day === undefined) return null
  const years = year.length === 4 ? [year] : [`20${year}`, `19${year}`]
  const dates = years.map((full) => `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  return dates.find((date) => isLocalDay(date) && date <= today && date >= '1890-01-01') ?? null
}
