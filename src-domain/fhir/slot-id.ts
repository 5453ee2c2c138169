/**
 * Free time is worked out, never stored, so the id of a Slot says which time it is: doctor, type of visit and start. FHIR's ids
 * are at most 64 letters, digits, `-` and `.`; two UUIDs fit in base 36.
 */
import { type AppointmentTypeId, type DoctorId, type Id, isId } from '#domain/ids.ts'
import { type Instant, LAST_INSTANT, MINUTE_MS } from '#domain/time/instant.ts'

export type SlotKey = { readonly doctorId: DoctorId; readonly typeId: AppointmentTypeId; readonly start: Instant }

const UUID_DIGITS = 25

/** `start` is a whole minute. */
export const slotIdOf = ({ doctorId, typeId, start }: SlotKey): string =>
  `${packed(doctorId)}.${packed(typeId)}.${Math.floor(start / MINUTE_MS).toString(36)}`

/** What an id says; undefined for text that no slot has for an id. */
export function parseSlotId(text: string): SlotKey | undefined {
  const parts = /^([0-9a-z]{25})\.([0-9a-z]{25})\.([0-9a-z]{1,8})$/.exec(text)
  if (!parts) return undefined
  const [, doctor = '', type = '', minute = ''] = parts
  const doctorId = unpacked<'Doctor'>(doctor)
  const typeId = unpacked<'AppointmentType'>(type)
  const start = Number.parseInt(minute, 36) * MINUTE_MS
  if (!doctorId || !typeId || start > LAST_INSTANT) return undefined
  const key = { doctorId, typeId, start }
  return slotIdOf(key) === text ? key : undefined
}

const packed = (id: string): string =>
  BigInt(`0x${id.replaceAll('-', '')}`)
    .toString(36)
    .padStart(UUID_DIGITS, '0')

function unpacked<Kind extends string>(text: string): Id<Kind> | undefined {
  let value = 0n
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36))
  const hex = value.toString(16).padStart(32, '0')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  const id = parts.join('-')
  return isId(id) ? (id as Id<Kind>) : undefined
}
