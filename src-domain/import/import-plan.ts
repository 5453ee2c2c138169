/**
 * What a file of past visits comes to before anything is written: the documents it needs, and its bad rows by line.
 * A plan is a pure function of rows, clinic and mapping. Its ids are made from the content of the rows, so that a second run of
 * the same file makes the same documents and adds nothing.
 */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { type ClinicId, type Id, uuidV7 } from '#domain/ids.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { LocationRow } from '#domain/schedule/location.ts'
import type { Schedule } from '#domain/schedule/schedule-schemas.ts'
import type { Instant } from '#domain/time/instant.ts'

/** One row of the file under its column names; `line` is where it stands in the file, the header being line 1. */
export type ImportRow = { readonly line: number; readonly values: Readonly<Record<string, string>> }

/** Why a row stays out. `field` is the column it is about; the value is not repeated, for it may be about a patient. */
export type ImportProblem = { readonly line: number; readonly field: string; readonly reason: ImportProblemReason }

export const IMPORT_PROBLEM_REASONS = [
  'broken-row',
  'missing-column',
  'empty',
  'not-a-day',
  'not-a-time',
  'not-a-whole-number',
  'out-of-range',
  'unknown-word',
  'booked-after-the-visit',
  'duplicate-row',
  'no-free-time-that-day',
] as const
export type ImportProblemReason = (typeof IMPORT_PROBLEM_REASONS)[number]

/** A past visit as the booking operation is asked for it through the door `import`. */
export type PlannedAppointment = Pick<
  Appointment,
  | 'id'
  | 'clinicId'
  | 'doctorId'
  | 'patientId'
  | 'typeId'
  | 'locationId'
  | 'start'
  | 'end'
  | 'zone'
  | 'localDay'
  | 'localStart'
  | 'ageAtVisit'
  | 'createdAt'
> & { readonly line: number; readonly status: 'fulfilled' | 'noshow' }

export type ImportPlan = {
  readonly locations: readonly LocationRow[]
  readonly doctors: readonly Doctor[]
  /** The hours the visits lie in, one row per doctor and day. */
  readonly schedules: readonly Schedule[]
  readonly appointmentTypes: readonly AppointmentType[]
  readonly patients: readonly Patient[]
  readonly appointments: readonly PlannedAppointment[]
  readonly problems: readonly ImportProblem[]
}

export type ImportContext = {
  readonly clinicId: ClinicId
  /** A hash of a text as at least 20 hexadecimal digits, the same on every machine: SHA-256 in the server. */
  readonly hash: (text: string) => string
}

export type ImportMapping = {
  readonly name: string
  /** The columns the file must have; others are ignored. */
  readonly columns: readonly string[]
  /** One sentence for `--help` and the dry run. */
  readonly summary: string
  readonly plan: (rows: readonly ImportRow[], context: ImportContext) => ImportPlan
}

/** Makes ids from content: the same clinic, mapping, kind and key give the same id. `at` becomes the time part of the UUIDv7. */
export function contentIds({ clinicId, hash }: ImportContext, mapping: string) {
  return <Kind extends string>(kind: Kind, key: readonly (string | number)[], at: Instant = 0): Id<Kind> => {
    const digits = hash(JSON.stringify([clinicId, mapping, kind, ...key]))
    const bytes = Uint8Array.from({ length: 10 }, (_, index) =>
      Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
    )
    return uuidV7<Kind>(at, bytes)
  }
}
