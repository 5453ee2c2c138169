/** A copy of all data about one patient: who gets it, and that it is all. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LEFT_OUT, PERSONAL_TABLES, type PersonalTable } from '#server/repositories/personal-data.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const MARKER = 'Zyx-Marker'
const PATIENT = testId('Patient', 1)
const PATH = `/api/v1/patients/${PATIENT}/export`
/** Columns by which a row is about a person. */
const REFERENCES = [
  'patient_id',
  'other_id',
  'user_id',
  'last_user_id',
  'appointment_id',
  'document_id',
  'document_ids',
]

describe.each(engines)('the export of a patient on %s', (engine) => {
  let server: ServerUnderTest
  let visitId = ''
  beforeAll(async () => {
    server = await aServer(engine)
    const body = {
      doctorId: testId('Doctor', 1),
      patientId: PATIENT,
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK,
      note: MARKER,
    }
    visitId = (await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })).body.appointment.id
    const edit = { note: `${MARKER} again`, revision: 1 }
    await server.request('PATCH', `/api/v1/appointments/${visitId}`, { as: 'receptionist', body: edit })
    await server.logIn('patient')
  })
  afterAll(() => server.stop())

  const columnsOfTables = () =>
    server.database.read(async (tx) => {
      const statement =
        engine === 'sqlite'
          ? `select tables.name as "table", columns.name as "column" from sqlite_schema as tables,
             pragma_table_info(tables.name) as columns where tables.type = 'table'`
          : 'select table_name as `table`, column_name as `column` from information_schema.columns where table_schema = database()'
      const { rows } = await sql.raw<{ table: string; column: string }>(statement).execute(tx)
      return Map.groupBy(rows, ({ table }) => table)
    })

  test('covers every table that refers to a person, or says why not', async () => {
    const tables = await columnsOfTables()
    const covered = new Set([...Object.keys(PERSONAL_TABLES), ...Object.keys(LEFT_OUT)])
    const forgotten = [...tables].filter(
      ([table, columns]) => !covered.has(table) && columns.some(({ column }) => REFERENCES.includes(column)),
    )
    expect(forgotten.map(([table]) => table)).toEqual([])
    expect([...covered].filter((table) => !tables.has(table))).toEqual([])
  })

  test('holds every row of theirs, in the words of the tables, and no secret', async () => {
    const answer = await server.request('GET', PATH, { as: 'admin' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    const { tables, audit, patientId } = answer.body
    expect(patientId).toBe(PATIENT)
    expect(Object.keys(tables).sort()).toEqual(Object.keys(PERSONAL_TABLES).sort())
    expect(tables.patients).toMatchObject([{ id: PATIENT, name: 'Patient Number 1' }])
    expect(tables.appointments).toMatchObject([{ id: visitId, note: `${MARKER} again` }])
    const said = tables.appointment_revisions.map(({ content }: { content: { note: string } }) => content.note)
    expect(said.sort()).toEqual([MARKER, `${MARKER} again`])
    expect(tables.users).toMatchObject([{ email: 'patient@fixture.test' }])
    expect(tables.sessions.length).toBeGreaterThan(0)
    expect(audit.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['created', 'changed']),
    )
    expect(JSON.stringify(answer.body)).not.toMatch(/token_hash|password_hash|\$argon2/)
    for (const name of ['appointments', 'holds', 'waitlist_entries', 'legal_holds'] satisfies PersonalTable[]) {
      const { count } = await server.database.read((tx) =>
        tx
          .selectFrom(name)
          .select(({ fn }) => fn.countAll().as('count'))
          .where('patient_id', '=', PATIENT)
          .executeTakeFirstOrThrow(),
      )
      expect([name, tables[name].length]).toEqual([name, Number(count)])
    }
  })

  test('is for the patient and for those who look after privacy, and for nobody else', async () => {
    expect((await server.request('GET', PATH, { as: 'patient' })).status).toBe(200)
    const other = `/api/v1/patients/${testId('Patient', 2)}/export`
    expect((await server.request('GET', other, { as: 'patient' })).status).toBe(404)
    for (const role of ['doctor', 'receptionist'] as const) {
      expect((await server.request('GET', PATH, { as: role })).status).toBe(404)
    }
    expect((await server.request('GET', '/api/v1/patients/nobody/export', { as: 'admin' })).status).toBe(400)
  })

  test('is itself in the audit, naming what was handed out', async () => {
    const rows = await server.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().where('action', '=', 'exported').execute(),
    )
    expect(rows.map(({ user_id }) => user_id).sort()).toEqual(
      [server.clinic.userIds.admin, server.clinic.userIds.patient].sort(),
    )
    for (const { document_ids } of rows) expect(JSON.parse(document_ids)).toEqual([PATIENT, visitId])
  })
})
