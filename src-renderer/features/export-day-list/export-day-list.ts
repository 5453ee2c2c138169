/** File > Export day list as CSV…: the day as this device holds it, with or without the server. */
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { DAY_LIST_COLUMNS, type DayListLabels, dayListCsv } from '#domain/report/day-list-csv.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import {
  allAppointmentTypes,
  allDoctors,
  appointmentsOfDays,
  patientsById,
  readAll,
} from '#renderer/local-db/queries.ts'
import type { Platform, SaveResult } from '#renderer/platform/types.ts'

/** Texts by key, as i18next gives them. */
export type Translate = (key: string, values?: Record<string, string>) => string

/** Asks the host where the file goes and writes it there; cancelling writes nothing. */
export async function exportDayList(
  database: LocalDatabase,
  platform: Pick<Platform, 'saveFile'>,
  day: LocalDay,
  translate: Translate,
): Promise<SaveResult> {
  const content = await dayListOf(database, day, labelsOf(translate))
  return platform.saveFile({ name: translate('day-list.file-name', { day }), kind: 'csv', content })
}

async function dayListOf(database: LocalDatabase, day: LocalDay, labels: DayListLabels): Promise<string> {
  const appointments = await readAll(appointmentsOfDays(database, [day]))
  const patientIds = [...new Set(appointments.map((appointment) => appointment.patientId))]
  const [doctors, patients, types] = await Promise.all([
    readAll(allDoctors(database)),
    readAll(patientsById(database, patientIds)),
    readAll(allAppointmentTypes(database)),
  ])
  return dayListCsv({ day, appointments, doctors: byId(doctors), patients: byId(patients), types: byId(types) }, labels)
}

function labelsOf(translate: Translate): DayListLabels {
  const texts = <Key extends string>(keys: readonly Key[], group: string): Record<Key, string> =>
    Object.fromEntries(keys.map((key) => [key, translate(`day-list.${group}.${key}`)])) as Record<Key, string>
  return { columns: texts(DAY_LIST_COLUMNS, 'columns'), statuses: texts(APPOINTMENT_STATUSES, 'statuses') }
}

function byId<Id extends string, Row extends { readonly id: Id }>(rows: readonly Row[]): ReadonlyMap<Id, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}
