/**
 * Ids are client-made UUIDv7 texts in lower case: 36 ASCII characters, compared byte by byte everywhere.
 * The `kind` exists at compile time only, so that a patient's id can never be passed where a doctor's is meant.
 */
import Type from 'typebox'

declare const kind: unique symbol
export type Id<Kind extends string> = string & { readonly [kind]: Kind }

export type ClinicId = Id<'Clinic'>
export type LocationId = Id<'Location'>
export type UserId = Id<'User'>
export type DeviceId = Id<'Device'>
export type DoctorId = Id<'Doctor'>
export type PatientId = Id<'Patient'>
export type AppointmentId = Id<'Appointment'>
export type AppointmentTypeId = Id<'AppointmentType'>
export type ScheduleId = Id<'Schedule'>
export type ScheduleTemplateId = Id<'ScheduleTemplate'>
export type RoomId = Id<'Room'>
export type EquipmentId = Id<'Equipment'>
export type ClosureId = Id<'Closure'>
export type HoldId = Id<'Hold'>
export type WaitlistEntryId = Id<'WaitlistEntry'>
export type AppointmentSeriesId = Id<'AppointmentSeries'>
export type DayNoteId = Id<'DayNote'>
export type WaitlistOfferId = Id<'WaitlistOffer'>
export type AllotmentId = Id<'Allotment'>
export type RejectedChangeId = Id<'RejectedChange'>

/** A UUID of any version in lower case (RFC 9562, section 4). */
export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
export const ID_LENGTH = 36

/** The schema of an id: text of 36 characters in the shape of a UUID, typed by what it names. */
export const idSchema = <Kind extends string>() =>
  Type.Unsafe<Id<Kind>>(
    Type.String({
      minLength: ID_LENGTH,
      maxLength: ID_LENGTH,
      pattern: UUID_PATTERN,
    }),
  )

const uuid = new RegExp(UUID_PATTERN)

/** True when the text has the shape of an id. */
export const isId = (text: string): boolean => uuid.test(text)

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Builds a UUIDv7 (RFC 9562, section 5.7) from a time in epoch milliseconds and 10 random bytes.
 * Throws RangeError when fewer than 10 bytes are given.
 */
export function uuidV7<Kind extends string>(now: number, random: Uint8Array): Id<Kind> {
  if (random.length < 10) throw new RangeError('uuidV7 needs 10 random bytes')
  const time = Math.floor(now).toString(16).padStart(12, '0')
  let tail = ''
  for (const byte of random.subarray(0, 10)) tail += HEX[byte]
  const variant = ((Number.parseInt(tail[4] ?? '0', 16) & 0x3) | 0x8).toString(16)
  const text = `${time}7${tail.slice(1, 4)}${variant}${tail.slice(5, 20)}`
  const parts = [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20, 32)]
  return parts.join('-') as Id<Kind>
}
