/** What a patient can be found by, and what a person's typing asks for. Pure. */
import { normalised } from '#domain/people/name-search.ts'
import type { Patient } from '#domain/people/people-schemas.ts'

/** The words of a name, each of which can start a search. */
export const nameWords = (name: string): readonly string[] => normalised(name).split(' ').filter(Boolean)

/** Digits a patient can be found by: the birth date in three orders, and the phone with and without what stands before it. */
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
  }
  return [...keys].filter((key) => key.length > 1)
}

/** What was typed: words that must each start a word of the name, and digits that must each start a number. */
export type Asked = { readonly words: readonly string[]; readonly digits: readonly string[] }

/** `mül 1.3.80`, `+49 170 123`, `1980-03-01`: a date with separators gets its leading zeros, a number loses its spaces. */
export function parseAsked(text: string): Asked {
  const dates: string[] = []
  const rest = text
    .replace(/\b(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?\b/g, (_, year: string, month: string, day?: string) => {
      dates.push(`${year}${month.padStart(2, '0')}${day?.padStart(2, '0') ?? ''}`)
      return ' '
    })
    .replace(/\b(\d{1,2})[-./](\d{1,2})(?:[-./](\d{4}))?\b/g, (_, first: string, second: string, year?: string) => {
      dates.push(`${first.padStart(2, '0')}${second.padStart(2, '0')}${year ?? ''}`)
      return ' '
    })
    .replace(/(?<=\d)[\s/().-]+(?=\d)/g, '')
  const tokens = normalised(rest).split(' ').filter(Boolean)
  const isNumber = (token: string) => /^\d+$/.test(token)
  const numbers = tokens.filter(isNumber).map((token) => token.replace(/^00/, ''))
  return { words: tokens.filter((token) => !isNumber(token)), digits: [...dates, ...numbers] }
}
