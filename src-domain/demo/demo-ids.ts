import { type Id, uuidV7 } from '#domain/ids.ts'
import { seededRandom } from './seeded-random.ts'

/** Each kind of demo document has a number of its own, so that two kinds never share an id. */
const KINDS = {
  Clinic: 1,
  Location: 2,
  Doctor: 3,
  Patient: 4,
  AppointmentType: 5,
  ScheduleTemplate: 6,
  Schedule: 7,
  Appointment: 8,
  Room: 9,
  Equipment: 10,
  Closure: 11,
  WaitlistEntry: 12,
  DayNote: 13,
} as const

/** 2026-01-01T00:00Z: when the demo's people and lists came into being, whatever day it is shown on. */
export const DEMO_EPOCH = 1_767_225_600_000

/**
 * The id of the `index`th document of a kind: shaped like a UUIDv7, the same for the same seed, unique because kind and index
 * are spelled out in it.
 */
export function demoId<Kind extends keyof typeof KINDS>(seed: number, kind: Kind, index: number): Id<Kind> {
  const { between } = seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b) ^ KINDS[kind])
  const bytes = new Uint8Array(10)
  for (let at = 0; at < 5; at += 1) bytes[at] = between(0, 255)
  bytes[5] = KINDS[kind]
  new DataView(bytes.buffer).setUint32(6, index)
  return uuidV7<Kind>(DEMO_EPOCH + index, bytes)
}
