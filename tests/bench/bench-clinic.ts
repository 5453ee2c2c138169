/** The fixture clinic grown to twelve doctors, and visits for it by the thousand, written past the rules for the sake of time. */
import type { DoctorId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { toRow } from '#server/repositories/document-rows.ts'
import { at } from '#tests/support/bookings.ts'
import { aDoctor, anAppointment, aScheduleTemplate, testId } from '#tests/support/builders.ts'
import { type Fixture, seedDocuments } from '#tests/support/fixture-clinic.ts'

export const DOCTORS = 12
/** Every other quarter of an hour from nine to five. */
export const VISITS_PER_DAY = 16
const ROWS_AT_ONCE = 250

/** The fixture clinic has three; nine more with the same hours. */
export async function addDoctors({ writer }: Pick<Fixture, 'writer'>): Promise<void> {
  const others = Array.from({ length: DOCTORS - 3 }, (_, index) => testId('Doctor', index + 4))
  await seedDocuments(
    writer,
    'doctors',
    others.map((id, index) => aDoctor({ id, position: index + 4 })),
  )
  const templates = others.flatMap((doctorId, index) =>
    [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aScheduleTemplate({
        id: testId('ScheduleTemplate', 1_000 + index * 10 + weekday),
        doctorId,
        weekday,
        validFrom: '2020-01-01',
      }),
    ),
  )
  await seedDocuments(writer, 'schedule_templates', templates)
}

/** Every other quarter of an hour of every doctor, some days from the first on. */
export async function addVisits({ database }: Fixture, from: number, until: number): Promise<void> {
  const rows: ReturnType<typeof aRow>[] = []
  for (let day = from; day < until; day += 1) {
    for (let doctor = 1; doctor <= DOCTORS; doctor += 1) {
      for (let visit = 0; visit < VISITS_PER_DAY; visit += 1) rows.push(aRow(day, testId('Doctor', doctor), visit))
    }
  }
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await database.write((tx) =>
      tx
        .insertInto('appointments')
        .values(rows.slice(at, at + ROWS_AT_ONCE))
        .execute(),
    )
  }
}

let made = 0
function aRow(day: number, doctorId: DoctorId, visit: number) {
  made += 1
  const start = at(day) + minutes(visit * 30)
  const document = anAppointment({
    id: testId('Appointment', made),
    doctorId,
    start,
    patientId: testId('Patient', (made % 20) + 1),
  })
  return toRow('appointments', { ...document, _deleted: false }, start)
}
