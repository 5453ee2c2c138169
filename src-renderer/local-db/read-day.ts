import type { DaySheetSource } from '#domain/report/day-sheet.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { LocalDatabase } from './local-database.ts'
import { allAppointmentTypes, allDoctors, allRooms, appointmentsOfDays, patientsById, readAll } from './queries.ts'

/** A day's visits with the names around them, as this device holds them now. */
export async function readDay(database: LocalDatabase, day: LocalDay): Promise<DaySheetSource> {
  const appointments = await readAll(appointmentsOfDays(database, [day]))
  const patientIds = [...new Set(appointments.map((appointment) => appointment.patientId))]
  const [doctors, patients, types, rooms] = await Promise.all([
    readAll(allDoctors(database)),
    readAll(patientsById(database, patientIds)),
    readAll(allAppointmentTypes(database)),
    readAll(allRooms(database)),
  ])
  return {
    day,
    appointments,
    doctors: byId(doctors),
    patients: byId(patients),
    types: byId(types),
    rooms: byId(rooms),
  }
}

function byId<Id extends string, Row extends { readonly id: Id }>(rows: readonly Row[]): ReadonlyMap<Id, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}
