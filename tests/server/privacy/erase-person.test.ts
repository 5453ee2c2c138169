/** Erasure: what goes, what stays, who learns of it, what forbids it, and that it lasts. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { reapplyErasures } from '#server/operations/erase-person.ts'
import { pullChanges } from '#server/operations/pull-changes.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { aNotice, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { subjectOf } from '#tests/support/fixture-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { tellInApp } from '#tests/support/told-notices.ts'

const MARKER = 'Zyx-Marker'
const PATIENT = testId('Patient', 1)
const PATH = `/api/v1/patients/${PATIENT}/erasure`
const HOLDS = `/api/v1/patients/${PATIENT}/legal-holds`

describe.each(engines)('an erasure on %s', (engine) => {
  let server: ServerUnderTest
  let visitId = '' as AppointmentId
  const noteAccess = async () => undefined
  const desk = () => subjectOf(server.clinic, 'receptionist')
  const push = (row: object) =>
    pushChanges({ writer: server.server.writer, noteAccess }, desk(), 'appointments', [row as never])
  const visit = () => server.database.read((tx) => findDocument(tx, 'appointments', visitId))
  const preview = async () => (await server.request('GET', PATH, { as: 'admin' })).body.preview
  const erase = (body: object) => server.request('POST', PATH, { as: 'admin', body })

  beforeAll(async () => {
    server = await aServer(engine)
    const body = {
      doctorId: testId('Doctor', 1),
      patientId: PATIENT,
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK,
      note: MARKER,
      reason: MARKER,
    }
    visitId = (await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })).body.appointment.id
    // The doctor was told who called the visit off: the message names the person.
    const { database, clock } = server
    const toDoctor = aNotice({
      userId: server.clinic.userIds.doctor,
      appointmentId: visitId,
      message: `${MARKER} called off`,
      shownAt: clock.now,
    })
    await tellInApp({ database, writer: server.server.writer }, toDoctor)
    const held = await visit()
    // Refused, so that the attempt lies in the author's inbox.
    await push({ newDocumentState: { ...held, origin: 'import', note: `${MARKER} refused` }, assumedMasterState: held })
  })
  afterAll(() => server.stop())

  /** Every text of every table that holds the word. */
  const tablesSaying = (word: string) =>
    server.database.read(async (tx) => {
      const names =
        engine === 'sqlite'
          ? `select name from sqlite_schema where type = 'table'`
          : 'select table_name as name from information_schema.tables where table_schema = database()'
      const found: string[] = []
      for (const { name } of (await sql.raw<{ name: string }>(names).execute(tx)).rows) {
        const { rows } = await sql`select * from ${sql.table(name)}`.execute(tx)
        if (JSON.stringify(rows).includes(word)) found.push(name)
      }
      return found
    })

  test('is previewed with counts and changes nothing yet', async () => {
    expect(await preview()).toMatchObject({
      appointments: 1,
      upcoming: 1,
      revisions: 1,
      refusedChanges: 1,
      waitlistEntries: 0,
      isAccountErased: true,
      holds: [],
    })
    expect((await visit())?.note).toBe(MARKER)
  })

  test('is forbidden while a legal hold counts', async () => {
    const set = await server.request('POST', HOLDS, { as: 'admin', body: { reason: 'claim pending' } })
    expect(set.status).toBe(201)
    const seen = await preview()
    expect(seen.holds).toMatchObject([{ reason: 'claim pending', setBy: server.clinic.userIds.admin }])
    const refused = await erase({ reason: 'requested', confirmation: seen.confirmation })
    expect([refused.status, refused.body.code]).toEqual([409, 'legal-hold'])
    const lift = () => server.request('DELETE', `${HOLDS}/${set.body.hold.id}`, { as: 'admin' })
    expect((await lift()).status).toBe(204)
    expect((await lift()).status).toBe(404)
  })

  test('is refused when something has changed since the preview, or nobody was asked', async () => {
    const { confirmation } = await preview()
    await server.request('PATCH', `/api/v1/appointments/${visitId}`, {
      as: 'receptionist',
      body: { note: `${MARKER} later`, revision: 1 },
    })
    const stale = await erase({ reason: 'requested', confirmation })
    expect([stale.status, stale.body.code]).toEqual([409, 'stale-preview'])
    expect((await erase({ reason: 'because', confirmation })).status).toBe(400)
    for (const role of ['patient', 'doctor', 'receptionist'] as const) {
      const body = { reason: 'requested', confirmation }
      expect((await server.request('POST', PATH, { as: role, body })).status).toBe(403)
    }
    expect((await visit())?.note).toBe(`${MARKER} later`)
  })

  test('leaves no word of the patient in any table, keeps time and type, and calls off what was to come', async () => {
    const before = await visit()
    const { confirmation } = await preview()
    const done = await erase({ reason: 'requested', confirmation })
    expect(done.status).toBe(200)
    expect(done.body.erasure.patientId).toBe(PATIENT)
    expect(await tablesSaying(MARKER)).toEqual([])
    expect(await tablesSaying('Patient Number 1"')).toEqual([])
    expect(await tablesSaying('patient@fixture.test')).toEqual([])
    const { start, end, typeId, doctorId } = before ?? {}
    expect(await visit()).toMatchObject({ start, end, typeId, doctorId, status: 'cancelled', note: '', reason: '' })
    expect((await server.request('GET', PATH, { as: 'admin' })).status).toBe(404)
    expect(await verifyAudit(server.database, server.clinic.clinicId)).toEqual([])
  })

  test('ends the patient’s sessions and account', async () => {
    const body = { email: 'patient@fixture.test', password: 'four words in a row' }
    expect((await server.request('POST', '/api/v1/auth/login', { body })).status).toBe(401)
  })

  test('reaches every device: the record as a stub, the visit without its words', async () => {
    const pull = async (collection: 'patients' | 'appointments') => {
      const deps = { database: server.database, now: () => server.clock.now, noteAccess }
      const answer = await pullChanges(deps, desk(), collection, null, 500)
      if (!answer.ok) throw new Error('no page')
      return answer.result.documents
    }
    expect((await pull('patients')).find(({ id }) => id === PATIENT)).toMatchObject({ _deleted: true, name: '' })
    expect((await pull('appointments')).find(({ id }) => id === visitId)).toMatchObject({ note: '', _deleted: false })
  })

  test('takes from the doctor what was told about the visits', async () => {
    const deps = { database: server.database, now: () => server.clock.now, noteAccess }
    const answer = await pullChanges(deps, subjectOf(server.clinic, 'doctor'), 'notifications', null, 500)
    if (!answer.ok) throw new Error('no page')
    const [first] = answer.result.documents.filter(({ id }) => id === testId('Notification'))
    expect(first).toMatchObject({ _deleted: true, message: '' })
  })

  test('is not undone by a device that was away: its edit is refused and not kept', async () => {
    const now = await visit()
    await push({ newDocumentState: { ...now, note: MARKER }, assumedMasterState: now })
    await push({ newDocumentState: { ...now, id: testId('Appointment', 70), status: 'pending', note: MARKER } })
    expect(await tablesSaying(MARKER)).toEqual([])
    expect((await visit())?.note).toBe('')
    const inbox = await server.database.read((tx) => tx.selectFrom('rejected_changes').selectAll().execute())
    expect(inbox.filter(({ is_deleted }) => is_deleted === 0).map(({ attempted }) => attempted)).toContain('{}')
  })

  test('is applied again to a backup that brings the patient back, and only then', async () => {
    const { clinicId } = server.clinic
    const erased = [{ clinicId, patientId: PATIENT, reason: 'requested' as const }]
    const { writer } = server.server
    expect(await reapplyErasures({ writer }, erased)).toBe(0)
    await server.database.write(async (tx) => {
      await tx.deleteFrom('erasures').execute()
      await tx.updateTable('patients').set({ is_deleted: 0, name: MARKER }).where('id', '=', PATIENT).execute()
      await tx.updateTable('appointments').set({ note: MARKER }).where('id', '=', visitId).execute()
    })
    server.clock.now += minutes(1)
    expect(await reapplyErasures({ writer }, erased)).toBe(1)
    expect(await tablesSaying(MARKER)).toEqual([])
  })
})
