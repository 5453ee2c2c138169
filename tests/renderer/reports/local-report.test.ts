/** The demo clinic on the server and on a device: the same report from both, and no report where the device has not all of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import { demoClinic } from '#domain/demo/demo-clinic.ts'
import { REPORT_DEFINITIONS, type ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportFilter } from '#domain/report/report-filter.ts'
import type { ReportModel, ReportRow } from '#domain/report/report-model.ts'
import { refusalHere } from '#renderer/features/reports/local-limits.ts'
import { localReport } from '#renderer/features/reports/local-report.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import { openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { openReportOf } from '#server/operations/reports/open-report.ts'
import { seedDemoClinic } from '#server/operations/seed-demo-clinic.ts'
import { testId } from '#tests/support/builders.ts'
import { aSignedInUser } from '#tests/support/local-desk.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { inEnglish } from '#tests/support/visit-facts.ts'

/** A Tuesday in the middle of the demo clinic's five weeks. */
const TODAY = '2026-10-13'
const OCTOBER: ReportFilter = { from: '2026-09-28', until: '2026-10-25' }
const MADE_HERE = REPORT_DEFINITIONS.filter(
  (definition) => refusalHere(definition, OCTOBER, { today: TODAY, hasAll: true }) === undefined,
)

let server: ServerUnderTest
let device: LocalDatabase
const demo = () => demoClinic({ now: server.clock.now })

beforeAll(async () => {
  server = await aServer('sqlite', { isSeeded: false })
  const { database, server: parts, clock } = server
  const { writer, passwords, newId } = parts
  await seedDemoClinic({ database, writer, passwords, newId, now: () => clock.now }, FIXTURE_PASSWORD)
  device = await openLocalDatabase({ serverId: 'demo', userId: testId('User'), key: null, multiInstance: false })
  const { doctors, patients, appointmentTypes, rooms, templates, schedules, appointments } = demo()
  await Promise.all([
    device.doctors.bulkInsert([...doctors]),
    device.patients.bulkInsert([...patients]),
    device.appointment_types.bulkInsert([...appointmentTypes]),
    device.rooms.bulkInsert([...rooms]),
    device.schedule_templates.bulkInsert([...templates]),
    device.schedules.bulkInsert([...schedules]),
    device.appointments.bulkInsert([...appointments]),
  ])
})
afterAll(async () => {
  await device.close()
  await server.stop()
})

const admin = (): Subject => subject(SHIPPED_ROLE_GRANTS.admin)
const subject = (grants: Subject['grants'], doctorId: Subject['doctorId'] = null): Subject => ({
  userId: testId('User'),
  clinicId: demo().clinic.id,
  doctorId,
  patientIds: [],
  grants,
})

async function onServer(definition: ReportDefinition, filter: ReportFilter, who: Subject): Promise<ReportModel> {
  return server.database.read(async (tx) => {
    const question = { definition, filter, subject: who, asOf: server.clock.now }
    const { report } = await openReportOf(tx, question)
    const rows: ReportRow[] = []
    for await (const row of report.rows) rows.push(row)
    return { ...report.head, ...report.tail(), rows }
  })
}

function onDevice(definition: ReportDefinition, filter: ReportFilter, who: Subject): Promise<ReportModel> {
  const { clinic, patients } = demo()
  const names = new Map<string, string>(patients.map(({ id, name }) => [id, name]))
  const user = aSignedInUser({ clinic, doctorId: who.doctorId, patientIds: [], grants: [...who.grants] })
  return localReport(
    { definition, filter },
    {
      desk: { database: device, user },
      asOf: server.clock.now,
      t: inEnglish,
      patientName: (id) => names.get(id) ?? '',
    },
  )
}

describe('of what a device holds it makes the same report as the server', () => {
  test.each(MADE_HERE)('%s', async (definition) => {
    const here = await onDevice(definition, OCTOBER, admin())
    expect(here).toEqual(await onServer(definition, OCTOBER, admin()))
    expect(here.rows.length).toBeGreaterThan(0)
  })

  test.each(MADE_HERE)('%s, narrowed by doctors, types, rooms and statuses', async (definition) => {
    const { doctors, appointmentTypes, rooms } = demo()
    const filter: ReportFilter = {
      from: '2026-10-05',
      until: '2026-10-16',
      doctorIds: doctors.slice(2, 9).map(({ id }) => id),
      typeIds: appointmentTypes.slice(0, 12).map(({ id }) => id),
      statuses: ['fulfilled', 'confirmed', 'noshow'],
    }
    expect(await onDevice(definition, filter, admin())).toEqual(await onServer(definition, filter, admin()))
    const inRooms = { ...filter, roomIds: rooms.map(({ id }) => id) }
    expect(await onDevice(definition, inRooms, admin())).toEqual(await onServer(definition, inRooms, admin()))
  })

  test.each(MADE_HERE)('%s, for a doctor who sees their own visits only', async (definition) => {
    const grants = (['view-reports', 'view-appointments'] as const).map((permission) => ({
      permission,
      scope: 'own-doctor' as const,
    }))
    const doctor = subject(grants, demo().doctors[3]?.id ?? null)
    const here = await onDevice(definition, OCTOBER, doctor)
    expect(here).toEqual(await onServer(definition, OCTOBER, doctor))
    expect(here.notes).toContain('Only the visits you may see are counted.')
  })
})

describe('a device refuses', () => {
  const limits = { today: TODAY, hasAll: true }

  test('a period that begins before what it holds, or ends after, and takes the days on the edge', () => {
    const of = (from: string, until: string) => refusalHere('appointments', { from, until }, limits)
    expect(of('2026-09-13', '2027-04-11')).toBeUndefined()
    expect(of('2026-09-12', '2026-10-13')).toBe('outside-window')
    expect(of('2026-10-13', '2027-04-12')).toBe('outside-window')
  })

  test('what it is told nothing of: reminders, equipment and what was there before', () => {
    const refused = REPORT_DEFINITIONS.filter((one) => refusalHere(one, OCTOBER, limits) === 'only-on-server')
    expect(refused).toEqual(['third-next-available', 'reminder-effect', 'activity'])
  })

  test('every report while the first download runs', () => {
    expect(refusalHere('appointments', OCTOBER, { ...limits, hasAll: false })).toBe('receiving')
  })
})
