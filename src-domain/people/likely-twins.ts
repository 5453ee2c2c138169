/** Whether a new patient is in the list already: by name, birth date and phone. */
import type { Patient } from './people-schemas.ts'
import { areSimilarNames } from './similar-names.ts'

type Person = Pick<Patient, 'name' | 'birthDate' | 'phone'>

/** Numbers are compared by what follows any country code and first zero. */
const COMPARED_DIGITS = 8
const ending = (phone: string): string => phone.replace(/\D/g, '').slice(-COMPARED_DIGITS)

/**
 * How strongly somebody in the list may be the person: 3 alike in name and birth date, 2 in name and phone, 1 in name alone
 * while the birth date of either is unknown; 0 not at all. Two people of one name and different birth dates are two people
 * unless they also share a phone, and relatives share phones but not names.
 */
export function likenessOf(wanted: Person, known: Person): 0 | 1 | 2 | 3 {
  if (!areSimilarNames(wanted.name, known.name)) return 0
  if (wanted.birthDate !== null && wanted.birthDate === known.birthDate) return 3
  const phone = ending(wanted.phone)
  if (phone.length === COMPARED_DIGITS && phone === ending(known.phone)) return 2
  return wanted.birthDate === null || known.birthDate === null ? 1 : 0
}

/** Who may be the person, the likeliest first. */
export const likelyTwins = <Known extends Person>(wanted: Person, known: readonly Known[]): Known[] =>
  known
    .map((one) => ({ one, likeness: likenessOf(wanted, one) }))
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ one }) => one)

/**
 * The name in what was typed into a search: `meier, ann 3/71` is Ann Meier. Digits are no part of it; capitals are set only
 * where none were typed.
 */
export function nameFromSearch(text: string): string {
  const [last = '', first] = text.replace(/[\d+()/.]+/g, ' ').split(',')
  const name = (first === undefined ? last : `${first} ${last}`).trim().replace(/\s+/g, ' ')
  if (name !== name.toLowerCase()) return name
  return name.replace(/(^|[\s'-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
}
