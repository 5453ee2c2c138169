/** A second clinic beside the fixture's. Every text in it holds a marker, so that a byte of it is recognised anywhere. */
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import { createClinic } from '#server/operations/create-clinic.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import {
  aDayNote,
  aDoctor,
  anAllotment,
  anAppointment,
  anAppointmentType,
  aPatient,
  aRoom,
  aSchedule,
  aScheduleTemplate,
  aWaitlistEntry,
  TEST_ZONE,
  testId,
} from './builders.ts'
import type { ServerUnderTest } from './server-under-test.ts'

export const FOREIGN_CLINIC = testId('Clinic', 2) as ClinicId
/** Stands in every text of the foreign clinic but its name, which may be public. */
export const MARKER = 'ForeignMarker'

const ids = {
  doctorId: testId('Doctor', 900),
  patientId: testId('Patient', 900),
  typeId: testId('AppointmentType', 900),
}
const of = { clinicId: FOREIGN_CLINIC }
const note = `${MARKER} note`

/** One document of each collection, in the order in which they can be written. */
export const FOREIGN_DOCUMENTS = {
  doctors: aDoctor({ ...of, id: ids.doctorId, name: `${MARKER} doctor`, bio: note, room: MARKER }),
  patients: aPatient({ ...of, id: ids.patientId, name: `${MARKER} patient`, phone: MARKER, email: MARKER, note }),
  rooms: aRoom({ ...of, id: testId('Room', 900), name: `${MARKER} room` }),
  appointment_types: anAppointmentType({ ...of, id: ids.typeId, code: MARKER, name: `${MARKER} type` }),
  schedule_templates: aScheduleTemplate({
    ...of,
    id: testId('ScheduleTemplate', 900),
    doctorId: ids.doctorId,
    weekday: 3,
  }),
  schedules: aSchedule({ ...of, id: testId('Schedule', 900), doctorId: ids.doctorId, note }),
  appointments: anAppointment({
    ...of,
    ...ids,
    id: testId('Appointment', 900),
    note,
    reason: MARKER,
    createdByName: MARKER,
  }),
  waitlist_entries: aWaitlistEntry({
    ...of,
    id: testId('WaitlistEntry', 900),
    patientId: ids.patientId,
    typeId: ids.typeId,
    note,
  }),
  day_notes: aDayNote({ ...of, id: testId('DayNote', 900), doctorId: ids.doctorId, text: note, createdByName: MARKER }),
  allotments: anAllotment({
    ...of,
    id: testId('Allotment', 900),
    doctorId: ids.doctorId,
    typeId: ids.typeId,
    deviceId: testId('Device', 899),
    deviceName: MARKER,
    heldByName: MARKER,
  }),
} as const satisfies { readonly [Name in CollectionName]?: Omit<WireDocument<Name>, '_deleted'> }

export const FOREIGN_IDS: readonly string[] = [
  FOREIGN_CLINIC,
  ...Object.values(FOREIGN_DOCUMENTS).map(({ id }) => id as string),
]

/** Writes the clinic beside the one that is there. */
export async function addForeignClinic({ database, clock, server }: ServerUnderTest): Promise<void> {
  const deps = { now: () => clock.now, newId: server.newId }
  const clinic = { id: FOREIGN_CLINIC, name: 'Other Clinic', zone: TEST_ZONE }
  await database.write((tx) => createClinic(deps, tx, clinic))
  await server.writer.submit(FOREIGN_CLINIC, 'bulk', {
    subject: null,
    door: 'seed',
    run: async (ctx) => {
      for (const [name, document] of Object.entries(FOREIGN_DOCUMENTS)) {
        await saveDocument(ctx, name as CollectionName, null, { ...document, _deleted: false } as WireDocument)
      }
      return { ok: true, value: undefined }
    },
  })
}
