// The hot queries stay range scans of the index made for them, whatever the tables grow to.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import { appendToChain } from '#server/operations/append-audit.ts'
import { listHeldTime, lockHeldTime } from '#server/repositories/appointments.ts'
import { listAuditLog } from '#server/repositories/audit-log.ts'
import { findFirstDay, listIdsOfDay } from '#server/repositories/dated-rows.ts'
import { toRow } from '#server/repositories/document-rows.ts'
import { listVisibleAudiencesOf } from '#server/repositories/document-views.ts'
import { lockLiveHolds } from '#server/repositories/holds.ts'
import { listOverlaps } from '#server/repositories/overlaps.ts'
import { lockResourceUse } from '#server/repositories/resources.ts'
import { at } from '#tests/support/bookings.ts'
import { anAppointment, aSchedule, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_CLINIC_ID, type Fixture, seedDocuments } from '#tests/support/fixture-clinic.ts'
import { addResources, ROOM_A, ROOM_B, SCANNER } from '#tests/support/resources.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('query plans on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    const visits = Array.from({ length: 3_000 }, (_, index) => {
      const start = at(Math.floor(index / 90), '00:00') + minutes(15 * (index % 30))
      return anAppointment({
        id: testId('Appointment', index + 1),
        doctorId: testId('Doctor', 1 + (Math.floor(index / 30) % 3)),
        patientId: testId('Patient', 1 + (index % 20)),
        start,
        end: start + minutes(15),
      })
    })
    await addResources(fixture)
    await fixture.database.write(async (tx) => {
      const rows = visits.map((visit) => toRow('appointments', { ...visit, _deleted: false }, visit.updatedAt))
      const views = visits.map(({ id }, index) => ({
        clinic_id: FIXTURE_CLINIC_ID,
        collection: 'appointments' as const,
        audience: `clinic:${FIXTURE_CLINIC_ID}`,
        document_id: id,
        seq: index + 1,
        visible: 1,
      }))
      const uses = visits.map(({ id, start, end }, index) => ({
        clinic_id: FIXTURE_CLINIC_ID,
        appointment_id: id,
        kind: index % 2 ? ('room' as const) : ('equipment' as const),
        resource_id: index % 2 ? testId('Room', 1 + (index % 3)) : SCANNER,
        start_at: start,
        end_at: end,
        holds_time: 1,
      }))
      const holds = visits.map(({ doctorId, start, end }, index) => ({
        id: testId('Hold', index + 1),
        clinic_id: FIXTURE_CLINIC_ID,
        doctor_id: doctorId,
        patient_id: null,
        type_id: testId('AppointmentType', 9),
        room_id: null,
        equipment_ids: '[]',
        start_at: start,
        end_at: end,
        user_id: fixture.clinic.userIds.receptionist,
        waitlist_entry_id: null,
        expires_at: start,
        created_at: 1,
      }))
      for (let from = 0; from < rows.length; from += 500) {
        await tx
          .insertInto('appointments')
          .values(rows.slice(from, from + 500))
          .execute()
        await tx
          .insertInto('document_views')
          .values(views.slice(from, from + 500))
          .execute()
        await tx
          .insertInto('appointment_resources')
          .values(uses.slice(from, from + 500))
          .execute()
        await tx
          .insertInto('holds')
          .values(holds.slice(from, from + 500))
          .execute()
      }
      await appendToChain(tx, 'desk:access', auditOfAMonth())
    })
    await seedDocuments(
      fixture.writer,
      'schedules',
      Array.from({ length: 300 }, (_, index) =>
        aSchedule({ id: testId('Schedule', index + 1), date: addDays('2026-10-01', Math.floor(index / 3)) }),
      ),
    )
    const tables = 'appointments, document_views, schedules, appointment_resources, holds, audit_log, audit_documents'
    await fixture.database.write((tx) =>
      sql.raw(engine === 'mysql' ? `analyze table ${tables}` : 'analyze').execute(tx),
    )
  })
  afterAll(() => fixture.close())

  const auditOfAMonth = () =>
    Array.from({ length: 3_000 }, (_, index) => ({
      clinicId: FIXTURE_CLINIC_ID,
      userId: testId('User', index % 40),
      action: index % 3 ? 'read' : 'changed',
      collection: 'appointments',
      documentIds: [testId('Appointment', 1 + index)],
      at: at(0) + minutes(15 * index),
    }))

  /** The plan of the first statement that `work` runs. */
  async function planOf(work: (tx: Tx) => Promise<unknown>): Promise<string> {
    return fixture.database.write(async (tx) => {
      const statements: { sql: string; parameters: readonly unknown[] }[] = []
      const spy = tx.withPlugin({
        transformQuery: ({ node }) => node,
        transformResult: async ({ result }) => result,
      })
      const executor = spy.getExecutor()
      const original = executor.executeQuery.bind(executor)
      executor.executeQuery = ((query: { sql: string; parameters: readonly unknown[] }) => {
        statements.push(query)
        return original(query as never)
      }) as typeof executor.executeQuery
      await work(spy)
      const [statement] = statements
      if (!statement) throw new Error('no statement ran')
      const pieces = statement.sql.replace(/ for update$/, '').split('?')
      const query = sql.join(
        pieces.flatMap((piece, index) =>
          index < statement.parameters.length
            ? [sql.raw(piece), sql.lit(statement.parameters[index] as string)]
            : [sql.raw(piece)],
        ),
        sql.raw(''),
      )
      const explain = engine === 'mysql' ? sql`explain ${query}` : sql`explain query plan ${query}`
      const { rows } = await explain.execute(tx)
      return JSON.stringify(rows)
    })
  }

  const expectIndex = (plan: string, index: string) => {
    expect(plan).toContain(index)
    expect(plan).not.toMatch(/"type":"(ALL|index)"|SCAN|filesort|TEMP B-TREE/)
  }
  const stretch = { start: at(10), end: at(10, '10:00') }

  test.each(['doctor', 'patient'] as const)('the overlap of a %s reads their day', async (whose) => {
    const id = testId(whose === 'doctor' ? 'Doctor' : 'Patient', 1)
    const plan = await planOf((tx) => lockHeldTime(tx, FIXTURE_CLINIC_ID, [{ whose, id, stretch }]))
    expectIndex(plan, whose === 'doctor' ? 'appointments_time_of_doctor' : 'appointments_of_patient')
  })

  test('what is offered reads the doctors’ days', async () => {
    const doctors = [testId('Doctor', 1), testId('Doctor', 2)]
    expectIndex(
      await planOf((tx) => listHeldTime(tx, FIXTURE_CLINIC_ID, doctors, stretch)),
      'appointments_time_of_doctor',
    )
  })

  test.each(['room', 'equipment'] as const)('the overlap of a %s reads its day', async (kind) => {
    const ids = kind === 'room' ? [ROOM_A, ROOM_B] : [SCANNER]
    const plan = await planOf((tx) => lockResourceUse(tx, FIXTURE_CLINIC_ID, kind, ids, stretch))
    expectIndex(plan, 'appointment_resources_in_time')
  })

  test('live holds are read by when they run out', async () => {
    const later = at(33)
    expectIndex(await planOf((tx) => lockLiveHolds(tx, FIXTURE_CLINIC_ID, later)), 'holds_by_expiry')
  })

  test('the alarm for overlaps looks up each visit’s neighbours', async () => {
    const plan = await planOf((tx) => listOverlaps(tx, FIXTURE_CLINIC_ID))
    expect(plan).toMatch(
      engine === 'mysql' ? /"b".*appointments_time_of_doctor/ : /SEARCH b USING .*appointments_time_of_doctor/,
    )
  })

  const question = { clinicId: FIXTURE_CLINIC_ID, from: at(0), until: at(60), limit: 100 }
  const after = { at: at(20), chain: 'desk:access', seq: 2_000 }
  test.each([
    ['of all', {}, 'audit_log_in_order'],
    ['of one person', { userId: testId('User', 7) }, 'audit_log_of_user_in_order'],
    ['of one kind', { action: 'changed', door: 'rest' }, 'audit_log_in_order'],
  ])('a page of the activity %s is read in order from the index', async (_, filters, index) => {
    expectIndex(await planOf((tx) => listAuditLog(tx, { ...question, ...filters, after })), index)
  })

  test('the activity about a document reads the rows that name it', async () => {
    const documentIds = [testId('Appointment', 1), testId('Appointment', 2)]
    const plan = await planOf((tx) => listAuditLog(tx, { ...question, documentIds }))
    expect(plan).toMatch(engine === 'mysql' ? /"table":"named","type":"range"/ : /SEARCH named USING PRIMARY KEY/)
    expect(plan).not.toMatch(/"type":"ALL"|SCAN/)
  })

  test('a page of changes is read in order from the index', async () => {
    const plan = await planOf((tx) =>
      tx
        .selectFrom('document_views')
        .select(['document_id', 'seq', 'visible'])
        .where('clinic_id', '=', FIXTURE_CLINIC_ID)
        .where('collection', '=', 'appointments')
        .where('audience', '=', `clinic:${FIXTURE_CLINIC_ID}`)
        .where('seq', '>', 2_000)
        .where('seq', '<=', 2_900)
        .orderBy('seq')
        .limit(100)
        .execute(),
    )
    expectIndex(plan, 'document_views_in_order')
  })

  test.each([
    ['appointments', 'appointments_by_day'],
    ['schedules', 'schedules_by_day'],
  ] as const)('what crosses an edge of the window in %s is found by its day', async (collection, index) => {
    const shelf = { clinicId: FIXTURE_CLINIC_ID, collection }
    const range = { from: '2026-10-20', until: '2026-10-21' }
    expectIndex(await planOf((tx) => findFirstDay(tx, shelf, range)), index)
    expectIndex(await planOf((tx) => listIdsOfDay(tx, shelf, '2026-10-20')), index)
    const everything = { from: '0101-01-01', until: '2026-10-20' }
    expectIndex(await planOf((tx) => findFirstDay(tx, shelf, everything)), index)
  })

  test('who sees a page of documents is looked up by document', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => testId('Appointment', index * 100 + 1))
    const plan = await planOf((tx) => listVisibleAudiencesOf(tx, 'appointments', ids))
    expectIndex(plan, 'document_views_of_document')
  })
})
