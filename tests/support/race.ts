/** One of many who book, move and cancel at once, all after the same few minutes. In this process, or as a process of its own. */
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { type Database, openDatabase } from '#server/database/database.ts'
import { bookAppointment } from '#server/operations/book-appointment.ts'
import type { BookingAnswer } from '#server/operations/booking-answer.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { type ClinicWriter, createClinicWriter } from '#server/operations/clinic-writer.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { at, type WireAppointment } from './bookings.ts'
import { testId } from './builders.ts'
import { FIXTURE_NOW, type FixtureClinic, subjectOf } from './fixture-clinic.ts'
import { RESOURCE_TYPES } from './resources.ts'

export type RaceResult = {
  /** The appointments this racer was told of, with the revision last answered. */
  readonly held: readonly (readonly [AppointmentId, number])[]
  readonly booked: number
  readonly moved: number
  readonly cancelled: number
  /** Moves to where the visit was already: accepted, and nothing written. */
  readonly kept: number
  /** The reason of every refusal; the name of the error where there was no answer. */
  readonly refusals: readonly string[]
}

export type Racer = { readonly step: (round: number) => Promise<void>; readonly result: () => RaceResult }

type Settings = {
  readonly writer: ClinicWriter
  readonly clinic: FixtureClinic
  /** What every racer of one race has in common, so that all want the same time in the same round. */
  readonly raceSeed: number
  readonly number: number
}

export function createRacer({ writer, clinic, raceSeed, number }: Settings): Racer {
  const subject = subjectOf(clinic, 'receptionist')
  const random = seededRandom(raceSeed * 31 + number)
  const mine = new Map<AppointmentId, WireAppointment>()
  const counts = { booked: 0, moved: 0, cancelled: 0, kept: 0 }
  const refusals: string[] = []

  const note = async (asked: Promise<BookingAnswer>, kind: keyof typeof counts): Promise<void> => {
    const answer = await asked.catch((error: Error) => ({ ok: false, rejection: { reason: error.name } }) as const)
    if (!answer.ok) return void refusals.push(answer.rejection.reason)
    const isWritten = mine.get(answer.appointment.id)?.revision !== answer.appointment.revision
    counts[isWritten ? kind : 'kept'] += 1
    mine.set(answer.appointment.id, answer.appointment)
  }

  const step = (round: number): Promise<void> => {
    const wanted = wantedTime(raceSeed, round, random)
    const active = [...mine.values()].filter(({ status }) => status !== 'cancelled')
    const chosen = active.length > 0 && random.chance(0.5) ? random.pick(active) : undefined
    if (!chosen) {
      const typeId = random.chance(0.8) ? hotType(round) : random.pick(TYPES)
      const body = { ...wanted, patientId: testId('Patient', random.between(2, 20)), typeId }
      return note(bookAppointment({ writer }, subject, body), 'booked')
    }
    const { id, revision } = chosen
    if (random.chance(0.6)) return note(moveAppointment({ writer }, subject, id, { ...wanted, revision }), 'moved')
    return note(cancelAppointment({ writer }, subject, id, { reason: 'changed plans', revision }), 'cancelled')
  }

  return {
    step,
    result: () => ({
      ...counts,
      refusals,
      held: [...mine.values()].map(({ id, revision }) => [id, revision] as const),
    }),
  }
}

/** A plain visit, and those that need a room, the scanner, a place in a group, or a share of the hall: the rounds take turns. */
const TYPES = [testId('AppointmentType', 9), ...Object.values(RESOURCE_TYPES).map(({ id }) => id)]
const hotType = (round: number) => TYPES[round % TYPES.length] ?? RESOURCE_TYPES.group.id
/** Types of which a round wants one doctor; of the others it wants what the doctors share. */
const OF_ONE_DOCTOR = [testId('AppointmentType', 9), RESOURCE_TYPES.group.id]

/**
 * A start within ten minutes of the round's: partial overlaps, which a guard on whole slots would let through. Half of them begin
 * with the round, so that groups come together.
 */
function wantedTime(raceSeed: number, round: number, random: SeededRandom) {
  const hot = seededRandom(raceSeed + round)
  const apart = random.chance(0.5) ? 0 : random.between(0, 10)
  const start = at(hot.between(0, 6), '09:10') + minutes(hot.between(0, 400) + apart)
  const isOneWanted = OF_ONE_DOCTOR.includes(hotType(round)) && random.chance(0.9)
  return { start, doctorId: testId('Doctor', isOneWanted ? hot.between(1, 3) : random.between(1, 3)) }
}

/** A racer with connections of its own. */
export function createLoneRacer(
  url: string,
  settings: Omit<Settings, 'writer'>,
): Racer & { close: () => Promise<void> } {
  const database: Database = openDatabase({ url, writers: 1, readers: 1 })
  const now = () => FIXTURE_NOW
  const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
  const close = async () => {
    await writer.close()
    await database.close()
  }
  return { ...createRacer({ ...settings, writer }), close }
}
