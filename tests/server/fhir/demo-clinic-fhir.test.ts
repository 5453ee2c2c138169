/**
 * The demo clinic as another system reads it: every resource, every bundle and every refusal before validators we did not write,
 * and a booking that comes too late.
 */
import type { Appointment, Bundle, CapabilityStatement, FhirResource, Slot } from 'fhir/r4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '#domain/time/instant.ts'
import { seedDemoClinic } from '#server/operations/seed-demo-clinic.ts'
import { faultsOf } from '#tests/support/fhir-validator.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/fhir/r4'
const TABLES = {
  Practitioner: 'doctors',
  Patient: 'patients',
  Schedule: 'doctors',
  Appointment: 'appointments',
} as const
const FHIR_JSON = { 'content-type': 'application/fhir+json' }

describe.each(engines)('the demo clinic in FHIR on %s', (engine) => {
  let server: ServerUnderTest
  const desk = { token: '' }
  /** Every page on SQLite; elsewhere the first, because only the reading below differs. */
  const pages = engine === 'sqlite' ? Number.POSITIVE_INFINITY : 1
  const found = new Map<string, FhirResource[]>()

  beforeAll(async () => {
    server = await aServer(engine, { isSeeded: false, limits: { perAddress: 1e9, perSession: 1e9 } })
    const { database, server: parts, clock } = server
    const deps = {
      database,
      writer: parts.writer,
      passwords: parts.passwords,
      newId: parts.newId,
      now: () => clock.now,
    }
    await seedDemoClinic(deps, FIXTURE_PASSWORD)
    const body = { email: 'admin@demo.test', password: FIXTURE_PASSWORD }
    desk.token = (await server.request('POST', '/api/v1/auth/login', { body })).body.token
  }, 240_000)
  afterAll(() => server.stop())

  const get = (path: string) => server.request('GET', `${PATH}${path}`, { as: desk })

  /** The resources of a search, page by page; every bundle is validated as a whole. */
  async function walk(query: string, most = pages): Promise<FhirResource[]> {
    const resources: FhirResource[] = []
    let next: string | undefined = `${server.url}${PATH}/${query}`
    for (let page = 0; next && page < most; page += 1) {
      const { status, body } = await get(next.slice(server.url.length + PATH.length))
      expect([next, status, faultsOf(body)]).toEqual([next, 200, []])
      const bundle = body as Bundle
      resources.push(...(bundle.entry ?? []).map(({ resource }) => resource as FhirResource))
      next = bundle.link?.find(({ relation }) => relation === 'next')?.url
    }
    return resources
  }
  const countOf = (table: (typeof TABLES)[keyof typeof TABLES]) =>
    server.database.read(async (tx) => (await tx.selectFrom(table).select('id').execute()).length)
  const day = () => new Date(server.clock.now + 24 * HOUR_MS).toISOString().slice(0, 10)

  test.each(['Practitioner', 'Schedule', 'Patient', 'Appointment', 'Slot'] as const)(
    'every %s is valid, and every bundle around it',
    { timeout: 300_000 },
    async (type) => {
      const resources = await walk(type === 'Slot' ? `Slot?start=${day()}&_count=200` : `${type}?_count=200`)
      found.set(type, resources)
      for (const resource of resources) {
        expect([resource.resourceType, resource.id, faultsOf(resource)]).toEqual([type, resource.id, []])
      }
      expect(new Set(resources.map(({ id }) => id)).size).toBe(resources.length)
      if (type !== 'Slot' && pages > 1) expect(resources.length).toBe(await countOf(TABLES[type]))
      expect(resources.length).toBeGreaterThan(10)
    },
  )

  test('what is read one by one is what the bundles hold', async () => {
    for (const [type, resources] of found) {
      const [resource] = resources.slice(-1)
      const { body } = await get(`/${type}/${resource?.id}`)
      expect([faultsOf(body), body]).toEqual([[], type === 'Schedule' ? body : resource])
    }
    expect(found.size).toBe(5)
  })

  test('what it says it can do is valid', async () => {
    const { body } = await get('/metadata')
    // HL7's JSON schema is that of 4.0.0 and knows no later number; 4.0.1 changed no element.
    expect(faultsOf({ ...body, fhirVersion: '4.0.0' })).toEqual([])
    const types = (body as CapabilityStatement).rest?.[0]?.resource?.map(({ type }) => type)
    expect(types?.sort()).toEqual([...found.keys()].sort())
  })

  const create = (body: object) => server.request('POST', `${PATH}/Appointment`, { as: desk, headers: FHIR_JSON, body })
  const visitFor = (patient: string | undefined, slot: Slot) => ({
    resourceType: 'Appointment',
    status: 'booked',
    slot: [{ reference: `Slot/${slot.id}` }],
    participant: [{ actor: { reference: `Patient/${patient}` }, status: 'accepted' }],
  })
  const countVisits = () => countOf('appointments')
  const lost = { status: 409, code: 'conflict', ours: 'slot-taken', faults: [] as string[] }
  const refusalOf = ({ status, body }: Awaited<ReturnType<typeof create>>) => {
    const [issue] = body.issue
    return { status, code: issue.code, ours: issue.details.coding[0].code, faults: faultsOf(body) }
  }

  test('of two creates for one free slot the later loses with a valid outcome, and writes nothing', async () => {
    const slots = (await walk(`Slot?start=${day()}&status=free&_count=1`, 1)) as Slot[]
    const [slot] = slots
    const [first, second] = (found.get('Patient') ?? []).slice(-2)
    if (!slot) throw new Error('The demo clinic is booked out')
    const won = await create(visitFor(first?.id, slot))
    expect([won.status, faultsOf(won.body)]).toEqual([201, []])
    expect((await get(`/Slot/${slot.id}`)).body.status).toBe('busy')
    const before = await countVisits()
    expect(refusalOf(await create(visitFor(second?.id, slot)))).toEqual(lost)
    expect(await countVisits()).toBe(before)
  })

  test('a create for the time of a visit that the clinic has loses as well', async () => {
    const [late] = (found.get('Patient') ?? []).slice(-3)
    const visits = (await walk(`Appointment?date=${day()}&status=booked&_count=200`, 1)) as Appointment[]
    const types = await server.database.read((tx) =>
      tx.selectFrom('appointment_types').select('code').where('capacity', '=', 1).execute(),
    )
    const isAlone = ({ serviceType }: Appointment) =>
      types.some(({ code }) => code === serviceType?.[0]?.coding?.[0]?.code)
    const visit = visits.find(
      (each) => isAlone(each) && each.participant[1]?.actor?.reference !== `Patient/${late?.id}`,
    )
    const [doctor] = visit?.participant ?? []
    const patient = { actor: { reference: `Patient/${late?.id}` }, status: 'accepted' }
    const { serviceType, start } = visit ?? {}
    const body = { resourceType: 'Appointment', status: 'booked', serviceType, start, participant: [doctor, patient] }
    expect(refusalOf(await create(body))).toEqual(lost)
  })

  test.each<[string, number, object?]>([
    ['GET /Observation', 404],
    ['GET /Slot', 400],
    ['GET /Slot?start=2026', 400],
    ['GET /Slot/1', 404],
    ['GET /Schedule/1', 404],
    ['GET /Patient/0199aaaa-0000-7000-8000-000000000000', 404],
    ['GET /Appointment?colour=red', 400],
    ['GET /Appointment?_format=xml', 406],
    ['POST /Appointment', 400, { resourceType: 'Appointment', status: 'open' }],
    [
      'POST /Appointment',
      422,
      { resourceType: 'Appointment', status: 'booked', participant: [{ status: 'accepted' }] },
    ],
    ['PUT /Appointment/1', 400, { resourceType: 'Appointment', status: 'booked', participant: [] }],
    ['DELETE /Appointment/1', 404],
  ])('%s is refused with %i and a valid outcome', async (route, status, body) => {
    const [method = '', path] = route.split(' ')
    const answer = await server.request(method, `${PATH}${path}`, {
      as: desk,
      ...(body && { body, headers: FHIR_JSON }),
    })
    expect([answer.status, answer.body.resourceType, faultsOf(answer.body)]).toEqual([status, 'OperationOutcome', []])
  })

  test('who has not signed in is told so in a valid outcome', async () => {
    const { status, body } = await server.request('GET', `${PATH}/Patient`)
    expect([status, faultsOf(body)]).toEqual([401, []])
  })
})
