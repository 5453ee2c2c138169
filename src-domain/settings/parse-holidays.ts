import type { ClosureEntry } from '#domain/api/availability-api.ts'
import { isLocalDay } from '#domain/time/clinic-time.ts'

export type ParsedHolidays = {
  readonly entries: readonly ClosureEntry[]
  /** Numbers of the lines that could not be read, from 1. */
  readonly badLines: readonly number[]
}

/** One day, or two with anything between that is no digit, then the name. */
const LINE = /^(\d{4}-\d{2}-\d{2})(?:\s*(?:-|–|to|,|;|\t|\s)\s*(\d{4}-\d{2}-\d{2}))?[\s,;]+(\S.*)$/
const LONGEST_NAME = 120

/** A pasted list of days off, one a line: `2027-12-25 Christmas Day` or `2027-12-24 - 2027-12-26 Christmas`. Empty lines are left out. */
export function parseHolidays(text: string): ParsedHolidays {
  const entries: ClosureEntry[] = []
  const badLines: number[] = []
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    if (line.trim() === '') return
    const [, from = '', to = from, name = ''] = LINE.exec(line.trim()) ?? []
    const isGood = isLocalDay(from) && isLocalDay(to) && from <= to && name !== '' && name.length <= LONGEST_NAME
    if (isGood) entries.push({ name: name.trim(), from, ...(to !== from && { to }) })
    else badLines.push(index + 1)
  })
  return { entries, badLines }
}
