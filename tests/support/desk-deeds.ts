/** A day at a desk, in random order: what people do to appointments and patients, through the product's own verbs. */
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
import { editPatientLocally } from '#renderer/local-db/patients-store.ts'
import { NINE_O_CLOCK, testId } from './builders.ts'
import type { SyncClient } from './sync-client.ts'

/** Does one thing; a refusal on the spot is part of the day. */
export async function doSomething({ desk, database }: SyncClient, random: SeededRandom): Promise<void> {
  const visits = await database.appointments.find().exec()
  const id = visits.length > 0 ? (random.pick(visits).primary as AppointmentId) : undefined
  const [place, deed] = [aPlace(random), random.next()]
  if (!id || deed < 0.3)
    await bookLocally(desk, { ...place, patientId: aPatientId(random), typeId: testId('AppointmentType', 9) })
  else if (deed < 0.5) await moveLocally(desk, id, place)
  else if (deed < 0.65) await editWordsLocally(desk, id, { note: `note ${random.between(0, 999)}` })
  else if (deed < 0.75) await editWordsLocally(desk, id, { reason: `reason ${random.between(0, 999)}` })
  else if (deed < 0.8) await cancelLocally(desk, id, 'called off')
  else if (deed < 0.9) await confirmLocally(desk, id)
  else await editPatientLocally(desk, aPatientId(random), { phone: `${random.between(0, 9999)}` })
}

/** Few enough places that desks often want the same one. */
const aPlace = (random: SeededRandom) => ({
  start: NINE_O_CLOCK + minutes(15 * random.between(0, 30)),
  doctorId: testId('Doctor', random.between(1, 3)) as DoctorId,
})

const aPatientId = (random: SeededRandom): PatientId => testId('Patient', random.between(1, 20))
