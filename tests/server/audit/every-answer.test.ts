/**
 * Every way a patient's record leaves this server, tried one by one: the routes as the server declares them, every collection
 * over the socket. An answer that carries the record has exactly one audit row that names it; a refusal has one that says so.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHIPPED_ROLES, type ShippedRole } from '#domain/access/roles.ts'
import { COLLECTION_NAMES, type CollectionName } from '#domain/sync/collections.ts'
import { PATIENT_RECORDS } from '#domain/sync/patient-records.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { type Answer, aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { openWire } from '#tests/support/wire-client.ts'
import { ROUTE_TABLE } from '../access/route-table.ts'

const MARKER = 'Zyx-Marker'
const DEVICE = { id: testId('Device', 7), name: 'Desk seven' }
const REFUSED: ReadonlySet<number> = new Set([403, 404, 409, 410, 412, 422])

type Row = {
  readonly action: string
  readonly user_id: string | null
  readonly door: string | null
  readonly session_id: string | null
  readonly device_id: string | null
  readonly collection: string
  readonly document_ids: string
  readonly detail: string
}

describe.each(engines)('the audit of answers on %s', (engine) => {
  let server: ServerUnderTest
  let visitId = ''
  beforeAll(async () => {
    server = await aServer(engine)
    const body = {
      doctorId: testId('Doctor', 1),
      patientId: testId('Patient', 1),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK,
      note: MARKER,
    }
    visitId = (await server.request('POST', '/api/v1/appointments', { as: 'admin', body })).body.appointment.id
  })
  afterAll(() => server.stop())

  const countRows = () =>
    server.database.read(async (tx) => {
      const { count } = await tx
        .selectFrom('audit_log')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    })
  /** The rows a deed has left, in their order. */
  async function rowsOf<Value>(deed: () => Promise<Value>): Promise<{ readonly value: Value; readonly rows: Row[] }> {
    const before = await countRows()
    const value = await deed()
    const rows = await server.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().orderBy('at', 'desc').orderBy('seq', 'desc').execute(),
    )
    // The clock is moved on for every deed, so the newest rows are those of this one.
    const newest = rows.filter(({ at }) => at === server.clock.now)
    expect(newest).toHaveLength((await countRows()) - before)
    server.clock.now += 1
    return { value, rows: newest }
  }
  const signIn = async (role: ShippedRole) => {
    server.clock.now += 1
    const body = { email: FIXTURE_EMAILS[role], password: FIXTURE_PASSWORD, device: DEVICE }
    const token: string = (await server.request('POST', '/api/v1/auth/login', { body })).body.token
    server.clock.now += 1
    return token
  }
  const tokens = new Map<ShippedRole, string>()
  /** One session per role, until a route has ended it. */
  const tokenOf = async (role: ShippedRole) => {
    const token = tokens.get(role) ?? (await signIn(role))
    tokens.set(role, token)
    return token
  }
  const naming = (rows: readonly Row[], id: string) => rows.filter(({ document_ids }) => document_ids.includes(id))
  const withoutHealthData = (rows: readonly Row[]) => expect(JSON.stringify(rows)).not.toContain(MARKER)

  test('a collection with patients in it counts as such, old and new ones alike', () => {
    expect([...PATIENT_RECORDS]).toEqual(expect.arrayContaining(['appointments', 'patients', 'rejected_changes']))
    expect(PATIENT_RECORDS.has('doctors')).toBe(false)
  })

  /** Who the caller is makes no difference to the engine below. */
  const roles = engine === 'sqlite' ? SHIPPED_ROLES : (['doctor'] as const)
  const routes = ROUTE_TABLE.filter(({ cells }) => cells.anonymous === 401)
  describe.each(roles)('REST, as %s', (role) => {
    test.each(routes.map(({ route, path, body }) => [route, path, body] as const))('%s', async (route, path, body) => {
      const [method = '', pattern = ''] = route.split(' ')
      const token = await tokenOf(role)
      if (route.includes('logout')) tokens.delete(role)
      const address = (path ?? pattern)
        .replaceAll(testId('Appointment', 999), visitId)
        .replaceAll(testId('Patient', 999), testId('Patient', 1))
      const { value: answer, rows } = await rowsOf<Answer>(() =>
        server.request(method, address, { as: { token }, ...(body !== undefined && { body }) }),
      )
      withoutHealthData(rows)
      const text = JSON.stringify(answer.body)
      const carriesRecord = answer.status < 300 && (text.includes(MARKER) || text.includes('Patient Number'))
      if (carriesRecord) {
        const isOfVisit = text.includes(visitId) || address.includes(visitId)
        const told = naming(rows, isOfVisit ? visitId : testId('Patient', 1))
        expect(told).toHaveLength(1)
        expect(told[0]).toMatchObject({ user_id: server.clinic.userIds[role], device_id: DEVICE.id })
        expect(told[0]?.session_id).not.toBeNull()
        expect(['rest', 'fhir', 'sync']).toContain(told[0]?.door)
      }
      if (REFUSED.has(answer.status)) {
        expect(rows.map(({ action }) => action)).toEqual(['refused'])
        expect(JSON.parse(rows[0]?.detail ?? '')).toMatchObject({ attempted: route })
        expect(rows[0]).toMatchObject({ user_id: server.clinic.userIds[role], device_id: DEVICE.id })
        expect(text).not.toContain(MARKER)
      }
    })
  })

  describe.each(['receptionist', 'doctor', 'patient'] as const)('the socket, as %s', (role) => {
    const pull = async (collection: CollectionName) => {
      const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
      wire.send({
        id: 'hello',
        collection: '',
        method: 'auth',
        params: [{ authorization: `Bearer ${await tokenOf(role)}` }],
      })
      try {
        return await rowsOf(() => wire.ask(collection, 'masterChangesSince', [null, 500]))
      } finally {
        wire.close()
      }
    }

    test.each(COLLECTION_NAMES)('%s', async (collection) => {
      const { value: answer, rows } = await pull(collection)
      const { documents } = answer.result as { documents: { id: string; _deleted: boolean }[] }
      const ids = documents.filter(({ _deleted }) => !_deleted).map(({ id }) => id)
      const carriesRecords = PATIENT_RECORDS.has(collection) && ids.length > 0
      expect(rows.map(({ action }) => action)).toEqual(carriesRecords ? ['pulled'] : [])
      withoutHealthData(rows)
      if (!carriesRecords) return
      expect(rows[0]).toMatchObject({ door: 'sync', device_id: DEVICE.id, collection })
      expect(JSON.parse(rows[0]?.document_ids ?? '').sort()).toEqual([...ids].sort())
    })
  })

  test('a push that is answered with the current document leaves one row, a refused one says so', async () => {
    const token = await signIn('doctor')
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    wire.send({ id: 'hello', collection: '', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
    const page = await wire.ask('appointments', 'masterChangesSince', [null, 500])
    server.clock.now += 1
    const visit = (page.result as { documents: { id: string }[] }).documents.find(({ id }) => id === visitId)
    const push = (row: object) => rowsOf(() => wire.ask('appointments', 'masterWrite', [[row]]))
    const conflict = await push({
      newDocumentState: { ...visit, reason: 'x' },
      assumedMasterState: { ...visit, reason: 'y' },
    })
    expect(conflict.value.result).toHaveLength(1)
    expect(conflict.rows.map(({ action, door }) => [action, door])).toEqual([['push-answered', 'sync']])
    const refused = await push({ newDocumentState: { ...visit, origin: 'import' }, assumedMasterState: visit })
    expect(
      naming(refused.rows, visitId)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(['push-answered', 'refused'])
    withoutHealthData([...conflict.rows, ...refused.rows])
    wire.close()
  })

  test('the chains hold after all of it, and every row is found by the documents it names', async () => {
    expect(await verifyAudit(server.database, server.clinic.clinicId)).toEqual([])
    await server.database.read(async (tx) => {
      const rows = await tx.selectFrom('audit_log').select(['chain', 'seq', 'document_ids']).execute()
      const links = await tx.selectFrom('audit_documents').select(['chain', 'seq', 'document_id']).execute()
      const named = rows.flatMap(({ chain, seq, document_ids }) =>
        [...new Set(JSON.parse(document_ids) as string[])].map((id) => `${chain} ${seq} ${id}`),
      )
      expect(links.map(({ chain, seq, document_id }) => `${chain} ${seq} ${document_id}`).sort()).toEqual(named.sort())
    })
  })
})
