/** What the simulated clinic is made of: its people, its visits, and the faults that can be switched on. */
import type { Subject } from '#domain/access/can.ts'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import type { DoctorId } from '#domain/ids.ts'
import { canonicalText, contentText } from '#domain/sync/canonical.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { minutes } from '#domain/time/instant.ts'
import { anAppointment, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'

export type Visit = WireDocument<'appointments'>
export type Row = { readonly newDocumentState: Visit; readonly assumedMasterState?: Visit | undefined }

/** Mistakes that a server or a client of this protocol could make; each is a mutation of the model. */
export const FAULTS = [
  'documents-in-stream',
  'checkpoint-past-dirty-row',
  'refusal-taken-as-done',
  'number-read-before-lock',
  'sweep-forgotten',
  'page-ends-inside-number',
  'stale-pull-applied',
  'restore-unnoticed',
] as const
export type Fault = (typeof FAULTS)[number]

export const CLINIC = testId('Clinic')
export const DOCTORS: readonly [DoctorId, DoctorId] = [testId('Doctor', 1), testId('Doctor', 2)]
const SLOTS = 10

/** The beginning of slot `n`, a quarter of an hour each. */
const slotStart = (n: number): number => NINE_O_CLOCK + minutes(15 * (n % SLOTS))

/** A place in the day for a fraction in [0, 1): one quarter of an hour or two. */
export function placeAt(fraction: number): { readonly start: number; readonly end: number } {
  const n = Math.floor(fraction * SLOTS * 2)
  const start = slotStart(n >> 1)
  return { start, end: start + minutes(n % 2 === 0 ? 15 : 30) }
}

/** The wall's time of a start, as the server derives it; the clinic's day has no change of clocks. */
export function localStartOf(start: number): string {
  const minute = 9 * 60 + (start - NINE_O_CLOCK) / minutes(1)
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

const BLANK: Visit = { ...anAppointment({ status: 'pending', revision: 0 }), _deleted: false }

/** A visit with the given parts. */
export const aVisit = (part: Partial<Visit>): Visit => ({ ...BLANK, ...part })

/** Somebody at the desk, or the doctor with that calendar. */
export function subjectFor(number: number, doctorId: DoctorId | null): Subject {
  return {
    userId: testId('User', number),
    clinicId: CLINIC,
    doctorId,
    patientIds: [],
    grants: SHIPPED_ROLE_GRANTS[doctorId ? 'doctor' : 'receptionist'],
  }
}

const texts = new WeakMap<object, string>()
const contents = new WeakMap<object, string>()

/** `canonicalText`, remembered: no document of a run is ever changed in place. */
export function textOf(document: object): string {
  const known = texts.get(document)
  if (known !== undefined) return known
  const text = canonicalText(document)
  texts.set(document, text)
  return text
}

/** `contentText`, remembered. */
export function contentOf(document: object): string {
  const known = contents.get(document)
  if (known !== undefined) return known
  const text = contentText(document)
  contents.set(document, text)
  return text
}

/** The words of a note; each change of a run adds one of its own, and nobody takes one away. */
export const wordsOf = ({ note }: Pick<Visit, 'note'>): readonly string[] =>
  note.split('\n').filter((word) => word !== '')

export const withWord = (visit: Visit, word: string): string => [...wordsOf(visit), word].join('\n')
