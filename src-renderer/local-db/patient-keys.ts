/** What a patient can be found by, and what a person's typing asks for. Pure. */
import { normalised } from '#domain/people/name-search.ts'
import type { Patient } from '#domain/people/people-schemas.ts'

/** The words of a name, each of which can start a search. */
export const nameWords = (name: string): readonly string[] => normalised(name).split(' ').filter(Boolean)

/** Digits a patient can be found by: the birth date in three orders, the phone with and without what stands before it, and its last four. */
export function digitKeys({ birthDate, phone }: Pick<Patient, 'birthDate' | 'phone'>): readonly string[] {
  const keys = new Set<string>()
  if (birthDate !== null) {
    const [year = '', month = '', day = ''] = birthDate.split('-')
    for (const key of [`${year}${month}${day}`, `${day}${month}${year}`, `${month}${day}${year}`]) keys.add(key)
  }
  const digits = phone.replace(/\D/g, '')
  if (digits !== '') {
    const whole = digits.replace(/^00/, '')
    keys.add(whole)
    keys.add(whole.replace(/^0+/, ''))
    // A country code has one to three digits; without it the number is what people say.
    if (/^(\+|00)/.test(phone.trim())) for (const length of [1, 2, 3]) keys.add(whole.slice(length))
    keys.add(digits.slice(-LAST_DIGITS))
  }
  return [...keys].filter((key) => key.length > 1)
}

/** What people say when they are asked for the end of their number. */
const LAST_DIGITS = 4

/** What was typed: words that must each start a word of the name, and numbers of which one reading must each start a number. */
export type Asked = { readonly words: readonly string[]; readonly numbers: readonly Readings[] }
/** The ways in which one number may be meant: `091280` is a birthday of six digits, or begins a phone. */
export type Readings = readonly string[]

/**
 * `mül 1.3.80`, `mei 3/71`, `091280`, `+49 170 123`, `1980-03-01`: a date with separators gets its leading zeros, a year of
 * two digits its century, a number loses its spaces.
 */
export function parseAsked(text: string): Asked {
  const dates: Readings[] = []
  const rest = text
    .replace(/\b(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?\b/g, (_, year: string, month: string, day?: string) => {
      dates.push([`${year}${two(month)}${day === undefined ? '' : two(day)}`])
      return ' '
    })
    .replace(
      /\b(\d{1,2})[-./](\d{1,2})(?:[-./](\d{4}|\d{2}))?(?!\d)|\b(\d{1,2})[-./](\d{4})\b/g,
      (_, first: string, second: string, year?: string, month?: string, yearOfMonth?: string) => {
        dates.push(month ? [`${yearOfMonth}${two(month)}`] : readingsOf(two(first), two(second), year))
        return ' '
      },
    )
    .replace(/(?<=\d)[\s/().-]+(?=\d)/g, '')
  const tokens = normalised(rest).split(' ').filter(Boolean)
  const isNumber = (token: string) => /^\d+$/.test(token)
  const numbers = tokens.filter(isNumber).map((token) => plainReadings(token.replace(/^00/, '')))
  return { words: tokens.filter((token) => !isNumber(token)), numbers: [...dates, ...numbers] }
}

const two = (digits: string): string => digits.padStart(2, '0')
const CENTURIES = ['19', '20', '18'] as const
const isMonth = (digits: string): boolean => Number(digits) >= 1 && Number(digits) <= 12
const isDay = (digits: string): boolean => Number(digits) >= 1 && Number(digits) <= 31

/** Day and month in either order, with the year where one was typed; or month and year: `3/71`. */
function readingsOf(first: string, second: string, year: string | undefined): Readings {
  if (year?.length === 4) return [`${first}${second}${year}`]
  if (year !== undefined) return CENTURIES.map((century) => `${first}${second}${century}${year}`)
  const asMonth = isMonth(first) ? CENTURIES.map((century) => `${century}${second}${first}`) : []
  return [`${first}${second}`, ...asMonth]
}

/** A number without separators as it stands, and, with six digits that can be a birthday, with the century it leaves out. */
function plainReadings(token: string): Readings {
  const [first, second, year] = [token.slice(0, 2), token.slice(2, 4), token.slice(4)]
  const isBirthday = token.length === 6 && isDay(first) && isDay(second) && (isMonth(first) || isMonth(second))
  return isBirthday ? [token, ...CENTURIES.map((century) => `${first}${second}${century}${year}`)] : [token]
}
