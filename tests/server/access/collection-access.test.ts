import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COLLECTION_NAMES, type CollectionName, type WireDocument } from '#domain/sync/collections.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import {
  aDayNote,
  aDoctor,
  aNotice,
  anAllotment,
  anAppointment,
  anAppointmentType,
  aPatient,
  aRoom,
  aSchedule,
  aScheduleTemplate,
  aWaitlistEntry,
  NINE_O_CLOCK,
  testId,
} from '#tests/support/builders.ts'
import { seedDocuments } from '#tests/support/fixture-clinic.ts'
import type { ServerUnderTest } from '#tests/support/server-under-test.ts'
import { tellInApp } from '#tests/support/told-notices.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'
import { aServerWithCallers, CALLERS, type Caller } from './callers.ts'
import { COLLECTION_TABLE, type ReadCell, type WriteCell } from './collection-table.ts'

const OWN = { doctorId: testId('Doctor', 1), patientId: testId('Patient', 1), typeId: testId('AppointmentType', 9) }

let server: ServerUnderTest
let tokenOf: (caller: Caller) => Promise<string | undefined>
let made = 0

/** What there is to receive: of the fixture's doctor and patient where a row belongs to somebody. */
beforeAll(async () => {
  ;({ server, tokenOf } = await aServerWithCallers())
  const { writer } = server.server
  await seedDocuments(writer, 'rooms', [aRoom()])
  await seedDocuments(writer, 'schedules', [aSchedule({ id: testId('Schedule', 700), doctorId: OWN.doctorId })])
  await seedDocuments(writer, 'appointments', [anAppointment({ ...OWN, id: testId('Appointment', 700) })])
  await seedDocuments(writer, 'day_notes', [aDayNote()])
  for (const [index, userId] of Object.values(server.clinic.userIds).entries()) {
    await tellInApp(
      { database: server.database, writer },
      aNotice({ id: testId('Notification', index), userId, shownAt: server.clock.now }),
    )
  }
  await seedDocuments(writer, 'allotments', [anAllotment({ doctorId: OWN.doctorId, status: 'returned' })])
  await seedDocuments(writer, 'waitlist_entries', [
    aWaitlistEntry({ patientId: OWN.patientId, doctorIds: [OWN.doctorId] }),
  ])
})
afterAll(() => server.stop())

/** A new document that its own rules would take from somebody with the right. */
const NEW: { readonly [Name in CollectionName]: (number: number) => object } = {
  appointments: (number) => {
    const start = NINE_O_CLOCK + hours(48) + minutes(15 * (number % 30))
    const part = { start, end: start + minutes(15), status: 'pending' } as const
    return anAppointment({ ...OWN, ...part, id: testId('Appointment', number) })
  },
  schedules: (number) => aSchedule({ id: testId('Schedule', number), doctorId: OWN.doctorId, date: '2026-12-24' }),
  schedule_templates: (number) => aScheduleTemplate({ id: testId('ScheduleTemplate', number), doctorId: OWN.doctorId }),
  patients: (number) => aPatient({ id: testId('Patient', number), userId: null }),
  doctors: (number) => aDoctor({ id: testId('Doctor', number) }),
  appointment_types: (number) => anAppointmentType({ id: testId('AppointmentType', number) }),
  rooms: (number) => aRoom({ id: testId('Room', number) }),
  waitlist_entries: (number) =>
    aWaitlistEntry({ id: testId('WaitlistEntry', number), patientId: OWN.patientId, doctorIds: [OWN.doctorId] }),
  day_notes: (number) => aDayNote({ id: testId('DayNote', number), doctorId: OWN.doctorId }),
  notifications: (number) =>
    aNotice({ id: testId('Notification', number), userId: server.clinic.userIds.receptionist }),
  allotments: (number) => anAllotment({ id: testId('Allotment', number), doctorId: OWN.doctorId }),
  rejected_changes: (number) => ({
    id: testId('RejectedChange', number),
    clinicId: server.clinic.clinicId,
    userId: server.clinic.userIds.receptionist,
    collectionName: 'appointments',
    documentId: testId('Appointment', number),
    reason: 'slot-taken',
    field: '',
    takenBy: '',
    takenAt: null,
    attempted: '{}',
    base: null,
    at: 1,
    revision: 0,
  }),
}

/** Signs in as a replica of the stock kind does, with a bearer token. */
async function open(caller: Caller): Promise<WireClient> {
  const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
  const token = await tokenOf(caller)
  wire.send({ id: 'hello', collection: '', method: 'auth', params: [{ authorization: `Bearer ${token ?? ''}` }] })
  return wire
}

async function through<Cell>(caller: Caller, ask: (wire: WireClient) => Promise<Cell>): Promise<Cell | 401> {
  const wire = await open(caller)
  try {
    return await Promise.race([
      ask(wire),
      wire.closed.then(({ code }) => {
        expect(code).toBe(CLOSE.unauthenticated)
        return 401 as const
      }),
    ])
  } finally {
    wire.close()
  }
}

const liveRows = async (wire: WireClient, collection: CollectionName): Promise<readonly WireDocument[]> => {
  const { result } = await wire.ask(collection, 'masterChangesSince', [null, 500]).catch(() => ({ result: undefined }))
  return ((result as { documents?: WireDocument[] } | undefined)?.documents ?? []).filter(({ _deleted }) => !_deleted)
}

describe.each(COLLECTION_NAMES)('%s', (collection) => {
  test.each(CALLERS)('written by %s', async (caller) => {
    made += 1
    const document = { ...NEW[collection](800 + made), _deleted: false }
    const cell = await through<WriteCell>(caller, async (wire) => {
      const { result } = await wire
        .ask(collection, 'masterWrite', [[{ newDocumentState: document }]])
        .catch(() => ({ result: [] }))
      return (result as unknown[]).length === 0 ? 'taken' : 'refused'
    })
    expect(cell).toBe(COLLECTION_TABLE[collection].write[caller])
  })

  test.each(CALLERS)('received by %s', async (caller) => {
    const cell = await through<ReadCell>(caller, async (wire) =>
      (await liveRows(wire, collection)).length > 0 ? 'rows' : 'nothing',
    )
    expect(cell).toBe(COLLECTION_TABLE[collection].read[caller])
  })
})

test('what a patient or a doctor receives is theirs, and the desk receives the clinic', async () => {
  const other = { ...OWN, doctorId: testId('Doctor', 2), patientId: testId('Patient', 2) }
  const start = NINE_O_CLOCK + hours(24)
  const visit = anAppointment({ ...other, id: testId('Appointment', 701), start, end: start + minutes(15) })
  await seedDocuments(server.server.writer, 'appointments', [visit])
  const holdersOf = async (caller: Caller) => {
    const wire = await open(caller)
    const rows = (await liveRows(wire, 'appointments')) as readonly WireDocument<'appointments'>[]
    wire.close()
    return new Set(rows.map(({ doctorId, patientId }) => `${doctorId} ${patientId}`))
  }
  const foreign = `${other.doctorId} ${other.patientId}`
  expect(await holdersOf('receptionist')).toContain(foreign)
  expect(await holdersOf('doctor')).not.toContain(foreign)
  expect(await holdersOf('patient')).not.toContain(foreign)
})
