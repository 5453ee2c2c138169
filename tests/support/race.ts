/** One of many who book, move and cancel at once, on few slots. Run in this process or as a process of its own. */

import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { openDatabase } from '#server/database/database.ts'
import { bookAppointment } from '#server/operations/book-appointment.ts'
import type { BookingAnswer } from '#server/operations/booking-answer.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { type ClinicWriter, createClinicWriter } from '#server/operations/clinic-writer.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { at, type WireAppointment } from './bookings.ts'
import { testId } from './builders.ts'
import { FIXTURE_NOW, type FixtureClinic, subjectOf } from './fixture-clinic.ts'

export type RaceResult = {
  /** Ids of the appointments this racer was told are booked, with the revision last answered. */
  readonly held: readonly (readonly [AppointmentId, number])[]
  readonly booked: number
  readonly moved: number
  readonly cancelled: number
  /** Reason of every refusal. */
  readonly refusals: readonly string[]
}

type Racer = {
  readonly writer: ClinicWriter
  readonly clinic: FixtureClinic
  readonly random: SeededRandom
  readonly tries: number
}

/** Tries in sequence; every answer is checked to say yes or why not. */
export async function raceWith({ writer, clinic, random, tries }: Racer): Promise<RaceResult> {
  const subject = subjectOf(clinic, 'receptionist')
  const mine = new Map<AppointmentId, WireAppointment>()
  const counts = { booked: 0, moved: 0, cancelled: 0 }
  const refusals: string[] = []
  const note = (answer: BookingAnswer, kind: keyof typeof counts) => {
    if (!answer.ok) return void refusals.push(answer.rejection.reason)
    counts[kind] += 1
    mine.set(answer.appointment.id, answer.appointment)
  }
  // Odd minutes make partial overlaps, which a guard on whole slots would let through.
  const someTime = () => at(0, '09:00') + random.between(0, 230) * 60_000
  const someDoctor = () => testId('Doctor', random.between(1, 3))
  for (let count = 0; count < tries; count += 1) {
    const active = [...mine.values()].filter(({ status }) => status !== 'cancelled')
    const chosen = active.length > 0 && random.chance(0.45) ? random.pick(active) : undefined
    if (!chosen) {
      const patientId = testId('Patient', random.between(2, 20))
      const typeId = testId('AppointmentType', 9)
      note(
        await bookAppointment({ writer }, subject, { doctorId: someDoctor(), patientId, typeId, start: someTime() }),
        'booked',
      )
    } else if (random.chance(0.6)) {
      const { id, revision } = chosen
      note(
        await moveAppointment({ writer }, subject, id, { start: someTime(), doctorId: someDoctor(), revision }),
        'moved',
      )
    } else {
      const { id, revision } = chosen
      note(await cancelAppointment({ writer }, subject, id, { reason: 'changed plans', revision }), 'cancelled')
    }
  }
  return { ...counts, refusals, held: [...mine.values()].map(({ id, revision }) => [id, revision] as const) }
}

/** A racer with connections of its own. */
export async function race(
  url: string,
  clinic: FixtureClinic,
  { seed, tries }: { readonly seed: number; readonly tries: number },
): Promise<RaceResult> {
  const database = openDatabase({ url, writers: 1, readers: 1 })
  const now = () => FIXTURE_NOW
  const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
  try {
    return await raceWith({ writer, clinic, random: seededRandom(seed), tries })
  } finally {
    await writer.close()
    await database.close()
  }
}
