/** A day at a desk, in random order: what people do to appointments and patients, through the product's own verbs. */

import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { SeededRandom } from '#domain/demo/seeded-random.ts'
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import {
  bookLocally,
  cancelLocally,
  confirmLocally,
  editWordsLocally,
  moveLocally,
} from '#renderer/local-db/appointments-store.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { editPatientLocally } from '#renderer/local-db/patients-store.ts'
import { NINE_O_CLOCK, testId } from './builders.ts'
import { wordsIn } from './causal-watch.ts'
import type { SyncClient } from './sync-client.ts'

/** Does one thing; a refusal on the spot is part of the day. @returns whether something was written */
export async function doSomething(
  { desk, database, user }: Pick<SyncClient, 'desk' | 'database' | 'user'>,
  random: SeededRandom,
): Promise<boolean> {
  const visits = await database.appointments.find().exec()
  const visit = visits.length > 0 ? random.pick(visits) : undefined
  const own = visits.filter(({ createdBy }) => createdBy === user.id)
  const [place, deed] = [aPlace(random), random.next()]
  const id = visit?.primary as AppointmentId
  const answer = await (!visit || deed < 0.3
    ? bookLocally(desk, { ...place, patientId: aPatientId(random), typeId: testId('AppointmentType', 9) })
    : deed < 0.45
      ? moveLocally(desk, id, place)
      : deed < 0.6
        ? editWordsLocally(desk, id, { note: `note ${random.between(0, 999)}` })
        : deed < 0.75 && own.length > 0
          ? sayMore(desk, random.pick(own))
          : deed < 0.8
            ? cancelLocally(desk, id, 'called off')
            : deed < 0.9
              ? confirmLocally(desk, id)
              : editPatientLocally(desk, aPatientId(random), { phone: `${random.between(0, 9999)}` }))
  return answer.ok
}

/** Numbers the words of an own visit, for `causal-watch.ts`. */
const sayMore = (desk: Desk, { id, reason }: Pick<Appointment, 'id' | 'reason'>) =>
  editWordsLocally(desk, id, { reason: String(wordsIn(reason) + 1) })

/** Few enough places that desks often want the same one. */
const aPlace = (random: SeededRandom) => ({
  start: NINE_O_CLOCK + minutes(15 * random.between(0, 30)),
  doctorId: testId('Doctor', random.between(1, 3)) as DoctorId,
})

const aPatientId = (random: SeededRandom): PatientId => testId('Patient', random.between(1, 20))
