import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_LIST_COLUMNS, type DayListLabels, dayListCsv } from '#domain/report/day-list-csv.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { minutes } from '#domain/time/instant.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { aPatient, aSchedule, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { classic } from '#tests/support/classic-bugs.ts'
import { subjectOf } from '#tests/support/fixture-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

type Visit = WireDocument<'appointments'>

describe.each(engines)('the known bugs of data, on %s', (engine) => {
  let server: ServerUnderTest
  let slot = 0
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const ask = (method: string, path: string, as: 'receptionist' | 'doctor' | 'admin' | 'patient', body?: object) =>
    server.request(method, `/api/v1${path}`, { as, ...(body && { body }) })
  const book = async (part: object = {}) => {
    slot += 1
    const start = NINE_O_CLOCK + minutes(15) * slot
    const typeId = server.clinic.types.consultation.id
    const body = { doctorId: testId('Doctor', 2), patientId: testId('Patient', 1 + slot), typeId, start, ...part }
    const answer = await ask('POST', '/appointments', 'receptionist', body)
    expect([answer.status, answer.body.detail]).toEqual([201, undefined])
    return answer.body.appointment as { id: string; revision: number; start: number; localDay: string }
  }
  const stored = <Name extends CollectionName>(name: Name, id: string) =>
    server.database.read((tx) => findDocument(tx, name, id))
  const push = (name: CollectionName, row: object) => {
    const { clinic } = server
    const deps = { writer: server.server.writer, noteAccess: async () => undefined }
    return pushChanges(deps, subjectOf(clinic, 'receptionist'), name, [row as PushRow])
  }

  test(classic('External sync destroys data', 'calendars read, and nothing they do changes a visit'), async () => {
    const { id } = await book()
    const feed = await ask('POST', '/calendar-feeds', 'admin', { doctorId: testId('Doctor', 2) })
    const path = new URL(feed.body.url).pathname
    const before = await stored('appointments', id)
    expect((await server.request('GET', path)).body).toContain('BEGIN:VEVENT')
    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE'])
      expect((await server.request(method, path, { body: {} })).status).toBeGreaterThanOrEqual(400)
    expect(await stored('appointments', id)).toEqual(before)
  })

  test(
    classic('Offline merge destroys data', 'an edit made on an old state overwrites nothing, and loses nothing'),
    async () => {
      const { id } = await book({ note: 'first' })
      const base = await stored('appointments', id)
      await ask('PATCH', `/appointments/${id}`, 'receptionist', { note: 'from the desk', revision: 1 })
      const wanted = { ...base, note: 'from the laptop', updatedAt: Date.parse('2099-01-01') }
      const naiveLastWriterWins = (a: { updatedAt: number }, b: { updatedAt: number }) =>
        a.updatedAt > b.updatedAt ? a : b
      const current = (await stored('appointments', id)) as Visit
      expect(naiveLastWriterWins(wanted as Visit, current)).toMatchObject({ note: 'from the laptop' })
      const [answer] = await push('appointments', { newDocumentState: wanted, assumedMasterState: base })
      expect(answer).toMatchObject({ id, note: 'from the desk', revision: 2 })
      expect((await stored('appointments', id))?.note).toBe('from the desk')
    },
  )

  test(classic('Identity by e-mail', 'two patients with one address stay two, and nobody is renamed'), async () => {
    const email = 'family@example.org'
    const [mother, child] = [testId('Patient', 501), testId('Patient', 502)]
    for (const [id, name] of [
      [mother, 'Mother Müller'],
      [child, 'Child Müller'],
    ] as const) {
      const patient = { ...aPatient({ id, name, email, userId: null }), revision: 0, _deleted: false }
      expect(await push('patients', { newDocumentState: patient })).toEqual([])
    }
    const names = await Promise.all([mother, child].map(async (id) => (await stored('patients', id))?.name))
    expect(names).toEqual(['Mother Müller', 'Child Müller'])
  })

  test(classic('Object-level access', 'the id of somebody else’s visit opens nothing, by no verb'), async () => {
    const { id, revision } = await book()
    const absent = testId('Appointment', 997)
    const plain = ({ status, body }: { status: number; body: object }) => [status, { ...body, requestId: '' }]
    for (const [method, action, body] of [
      ['GET', ''],
      ['GET', '/alternatives'],
      ['POST', '/cancel', { reason: 'mine', revision }],
      ['POST', '/move', { start: NINE_O_CLOCK, revision }],
    ] as const) {
      const ofOther = await ask(method, `/appointments/${id}${action}`, 'patient', body)
      const ofNobody = await ask(method, `/appointments/${absent}${action}`, 'patient', body)
      expect(plain(ofOther)).toEqual(plain(ofNobody))
      expect(ofOther.status).toBe(404)
    }
  })

  test(
    classic(
      'Availability edit strands bookings',
      'the visit keeps its time, and is on the list of those without a place',
    ),
    async () => {
      const { id, localDay } = await book({ doctorId: testId('Doctor', 1) })
      const closure = aSchedule({
        id: testId('Schedule', 601),
        doctorId: testId('Doctor', 1),
        date: localDay,
        startTime: '00:00',
        endTime: '00:00',
        isAvailable: false,
      })
      const deps = { writer: server.server.writer, noteAccess: async () => undefined }
      const row = { newDocumentState: { ...closure, revision: 0, _deleted: false } }
      await pushChanges(deps, subjectOf(server.clinic, 'admin'), 'schedules', [row as PushRow])
      expect((await stored('appointments', id))?.status).toBe('pending')
      const { body } = await ask('GET', '/appointments/stranded', 'receptionist')
      expect(JSON.stringify(body)).toContain(id)
    },
  )

  test(classic('Queue drift', 'who came first stays first, whatever is written about them later'), async () => {
    const [first, second] = [await book(), await book()]
    const arrive = (id: string) =>
      ask('POST', `/appointments/${id}/status`, 'receptionist', { step: 'arrive', revision: 1 })
    server.clock.now += 1_000
    await arrive(first.id)
    server.clock.now += 1_000
    await arrive(second.id)
    server.clock.now += 1_000
    await ask('PATCH', `/appointments/${first.id}`, 'receptionist', { note: 'in a hurry', revision: 2 })
    const [one, other] = [await stored('appointments', first.id), await stored('appointments', second.id)]
    const byUpdate = [one, other].sort((a, b) => (a?.updatedAt ?? 0) - (b?.updatedAt ?? 0))
    expect(byUpdate[0]?.id).toBe(second.id)
    expect(one?.arrivedAt).toBeLessThan(other?.arrivedAt ?? 0)
  })

  test(classic('Export wrong', 'the list has each visit of the day once, in its own words'), async () => {
    const made = await book({ reason: '=SUM(A1)' })
    const { localDay: day } = made
    const appointments = await server.database.read(async (tx) => {
      const rows = await tx.selectFrom('appointments').select('id').where('local_day', '=', day).execute()
      return Promise.all(rows.map(async ({ id }) => (await findDocument(tx, 'appointments', id)) as Visit))
    })
    const statuses = {
      pending: 'P',
      confirmed: 'C',
      arrived: 'A',
      fulfilled: 'F',
      noshow: 'N',
      cancelled: 'X',
      unplaced: 'U',
    }
    const columns = Object.fromEntries(DAY_LIST_COLUMNS.map((column) => [column, column])) as DayListLabels['columns']
    const none = new Map()
    const csv = dayListCsv({ day, appointments, doctors: none, patients: none, types: none }, { columns, statuses })
    const lines = csv.trim().split('\r\n').slice(1)
    expect(lines).toHaveLength(appointments.length)
    for (const [status, word] of Object.entries(statuses)) {
      const expected = appointments.filter((visit) => visit.status === status).length
      expect(lines.filter((line) => line.split(',').includes(word))).toHaveLength(expected)
    }
    expect(csv).toContain("'=SUM(A1)")
  })
})
