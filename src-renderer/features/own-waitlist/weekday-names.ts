/** Short names of the week's days, Monday first as ISO counts them. */
export function weekdayNames(language: string): readonly string[] {
  const formatter = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' })
  return Array.from({ length: 7 }, (_, index) => formatter.format(Date.UTC(2024, 0, 1 + index)))
}
