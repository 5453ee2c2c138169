/** Two clinics, and somebody of each role who asks with the other clinic's ids, in every place an id can stand. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SHIPPED_ROLES, type ShippedRole } from '#domain/access/roles.ts'
import { COLLECTION_NAMES, type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import { minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { casesOf, type ForeignCase, type Ids, type Things } from '#tests/support/foreign-cases.ts'
import { FOREIGN_CLINIC, FOREIGN_DOCUMENTS, MARKER } from '#tests/support/foreign-clinic.ts'
import { fhirSearches, fhirSlotReads, fhirWrites } from '#tests/support/foreign-fhir-cases.ts'
import { addForeignLife, type ForeignLife } from '#tests/support/foreign-life.ts'
import type { Description } from '#tests/support/openapi-cases.ts'
import { type Answer, aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { openWire } from '#tests/support/wire-client.ts'

const SEED = 7_301
/** Neither these addresses nor what is sent to them names anything; the socket has a sweep of its own below. */
const WITHOUT_IDS: readonly string[] = [
  'GET /healthz',
  'GET /readyz',
  'GET /api/v1/openapi.json',
  'GET /api/v1/problems',
  'GET /api/v1/docs',
  'GET /api/v1/docs/',
  'GET /api/v1/docs/js/scalar.js',
  'GET /sync/v1',
  'GET /sync/v1/schemas',
  'POST /sync/v1/hello',
  'GET /sync/v1/ping',
  'GET /sync/v1/pokes',
  'GET /api/v1/server-identity',
  'GET /fhir/r4/metadata',
  'GET /api/v1/notifications/stream',
  'GET /api/v1/monitor',
  // These end the sessions that the sweep asks with.
  'POST /api/v1/auth/logout',
  'DELETE /api/v1/auth/sessions',
]

const wide = { windowMs: minutes(60), triesPerAddress: 1e9, triesPerAccount: 1e9, triesPerAccountEverywhere: 1e9 }
let server: ServerUnderTest
let description: Description
let life: ForeignLife
let things: Things
type Person = { readonly role: ShippedRole; readonly email: string; readonly token: string }
/** Two people of each role. */
const people: Person[] = []

beforeAll(async () => {
  server = await aServer('sqlite', {
    limits: { perAddress: 1e9, perSession: 1e9 },
    logInLimits: wide,
    accountLimits: { mails: wide, password: wide, linkCode: wide, secondFactor: wide },
  })
  life = await addForeignLife(server)
  description = (await server.request('GET', '/api/v1/openapi.json')).body
  for (const role of SHIPPED_ROLES) {
    const second = await server.addAccount(role, `second-${role}@fixture.test`)
    for (const email of [FIXTURE_EMAILS[role], second]) {
      const { body } = await logIn({ email, password: FIXTURE_PASSWORD })
      people.push({ role, email, token: body.token })
    }
  }
  const ical = life.ids['calendar-feeds'] ?? ''
  // Collections bear names; what is in them is swept below, over both lines.
  const foreign = { ...life.ids, ical, sync: life.ids.appointments ?? '' }
  const pool = { ids: [...new Set(Object.values(life.ids))], instants: [NINE_O_CLOCK], days: ['2026-10-14'] }
  things = { foreign, own: await ownThings(), pool, seed: SEED }
})
afterAll(() => server.stop())

const logIn = (body: object) => server.request('POST', '/api/v1/auth/login', { body })

/** What stands beside something foreign, and may be changed: nothing here belongs to the people who ask. */
async function ownThings(): Promise<Ids> {
  const visit = { doctorId: testId('Doctor', 3), patientId: testId('Patient', 20), start: NINE_O_CLOCK }
  const typeId = server.clinic.types.consultation.id
  const made = await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body: { ...visit, typeId } })
  const hook = { url: 'https://receiver.example/', eventTypes: ['AppointmentConfirmed'] }
  const webhook = await server.request('POST', '/api/v1/webhooks', { as: 'admin', body: hook })
  const email = await server.addAccount('doctor', 'changed@fixture.test')
  const somebody = await logIn({ email, password: FIXTURE_PASSWORD })
  return {
    doctors: visit.doctorId,
    patients: visit.patientId,
    'appointment-types': typeId,
    'schedule-templates': testId('ScheduleTemplate', 21),
    'message-templates': 'no-kind',
    appointments: made.body.appointment.id,
    users: somebody.body.user.id,
    webhooks: webhook.body.webhook.id,
    clinics: server.clinic.clinicId,
    Practitioner: visit.doctorId,
    Patient: visit.patientId,
    Appointment: made.body.appointment.id,
  }
}

/** Everything the other clinic has; sign-in's own tables change when anybody asks for a link to an address there. */
const TABLES = [
  'doctors',
  'patients',
  'rooms',
  'appointment_types',
  'schedule_templates',
  'schedules',
  'appointments',
  'waitlist_entries',
  'day_notes',
  'allotments',
  'waitlist_offers',
  'holds',
  'appointment_series',
  'closures',
  'legal_holds',
  'locations',
  'equipment',
  'webhooks',
  'webhook_deliveries',
  'reports',
  'report_schedules',
  'calendar_feeds',
  'roles',
  'model_has_roles',
  'clinic_users',
  'devices',
  'handed_in_changes',
  'sessions',
  'access_tokens',
] as const
const foreign = async () =>
  server.database.read(async (tx) => {
    const rows = []
    for (const name of TABLES) {
      const query = tx.selectFrom(name as 'doctors').selectAll()
      rows.push(await query.where('clinic_id', '=', FOREIGN_CLINIC).execute())
    }
    expect(rows.filter((found) => found.length === 0)).toEqual([])
    return JSON.stringify(rows)
  })

/** The ways into an account that a schema alone does not reach: with somebody's own password, and the other clinic's names. */
function accountCases({ email }: Person): ForeignCase[] {
  const { clinics: clinicId, devices: id } = life.ids
  const own = { email, password: FIXTURE_PASSWORD }
  const newcomer = { name: 'Somebody New', birthDate: '1980-05-17', password: 'an apple fell on a green roof' }
  const post = (path: string, body: object, isRefused = true) => ({
    route: `POST /api/v1${path}`,
    url: `/api/v1${path}`,
    body,
    isRefused,
    isForAll: true,
  })
  return [
    post('/auth/login', { ...own, clinicId }),
    post('/auth/login', { ...own, device: { id, name: 'Mine' } }, false),
    post('/auth/login', { ...own, email: life.email, password: 'not that of anybody' }),
    post('/auth/password-reset', { email: life.email }, false),
    post('/registrations', { ...newcomer, clinicId, email: life.email }, false),
    post('/registrations', { ...newcomer, clinicId, email: `new-${email}` }, false),
    post('/me/email', { email: life.email, password: FIXTURE_PASSWORD }, false),
    post('/me/patients', { code: life.linkCode }),
    post('/me/clinics', { code: life.linkCode }),
    ...pool().flatMap((token) => [
      post('/auth/password', { token, password: newcomer.password }),
      post('/auth/email', { token }),
      post('/registrations/confirm', { token }),
      post('/auth/second-factor', { challenge: token, code: '123456' }),
      post('/auth/second-factor/enrolment', { challenge: token }),
    ]),
  ]
}
const pool = () => [life.ids.users, life.ids.invitations, life.ids.patients].map(String)

const routes = () =>
  server.server.routes
    .filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
    .map(({ method, url }) => ({ route: `${method} ${url}`, method, path: url.replaceAll(/:(\w+)/g, '{$1}') }))

async function allCases(): Promise<ForeignCase[]> {
  const generic = routes()
    .filter(({ route }) => !WITHOUT_IDS.includes(route))
    .flatMap(({ route, method, path }) => {
      const operation = description.paths[path]?.[method.toLowerCase()]
      return operation ? casesOf(route, operation, things) : []
    })
  const statement = (await server.request('GET', '/fhir/r4/metadata')).body
  return [...generic, ...fhirSearches(statement, things), ...fhirSlotReads(things), ...fhirWrites(things)]
}

/** What was asked for stands in the links of a bundle; what was found does not. */
const textOf = ({ body }: Answer): string =>
  JSON.stringify(body?.resourceType === 'Bundle' ? { ...body, link: [] } : body).toLowerCase()

async function complaintOf({ route, url, body, headers, isRefused }: ForeignCase, { role, token }: Person) {
  const [method = ''] = route.split(' ')
  const answer = await server.request(method, url, { as: { token }, body, ...(headers && { headers }) })
  const text = textOf(answer)
  const isLeak = text.includes(MARKER.toLowerCase())
  const isUnrefused = isRefused && (answer.status < 400 || answer.status >= 500)
  if (!isLeak && !isUnrefused && answer.status < 500) return []
  return [`${method} ${url} by ${role} with ${JSON.stringify(body)}: ${answer.status} ${text.slice(0, 300)}`]
}

test('every route is swept, or is known to name nothing', async () => {
  const swept = new Set((await allCases()).map(({ route }) => route))
  const all = routes().map(({ route }) => route)
  expect(all.filter((route) => !swept.has(route) && !WITHOUT_IDS.includes(route))).toEqual([])
  expect(WITHOUT_IDS.filter((route) => !all.includes(route) || route.includes(':') || swept.has(route))).toEqual([])
})

test('no answer of any route holds a byte of the other clinic, and nothing there changes', {
  timeout: 600_000,
}, async () => {
  const before = await foreign()
  const complaints: string[] = []
  let asked = 0
  for (const [index, each] of (await allCases()).entries()) {
    const askers = each.isForAll ? people : [people[index % people.length] as Person]
    for (const person of askers) {
      complaints.push(...(await complaintOf(each, person)))
      asked += 1
    }
  }
  for (const person of people) {
    for (const each of accountCases(person)) complaints.push(...(await complaintOf(each, person)))
  }
  expect(complaints.slice(0, 5)).toEqual([])
  expect(asked).toBeGreaterThan(5_000)
  expect(await foreign()).toBe(before)
  // Whoever asked was signed in until the end: refusals were about what they asked for.
  for (const { token } of people) {
    expect((await server.request('GET', '/api/v1/auth/me', { as: { token } })).status).toBe(200)
  }
})

test('FHIR searches and bookings with foreign references find and make nothing', async () => {
  const { doctors, patients, appointments } = life.ids
  const of = {
    practitioner: `Practitioner/${doctors}`,
    patient: `Patient/${patients}`,
    schedule: `Schedule/${doctors}`,
  }
  const searches = [
    `Patient?_id=${patients}`,
    `Practitioner?_id=${doctors}`,
    `Schedule?actor=${of.practitioner}`,
    `Slot?schedule=${of.schedule}&start=2026-10-21`,
    `Appointment?_id=${appointments}`,
    ...['actor', 'patient', 'practitioner'].map((name) => `Appointment?${name}=${of[name as 'patient'] ?? of.patient}`),
  ]
  const end = new Date(NINE_O_CLOCK + 900_000).toISOString()
  const participant = [of.practitioner, of.patient].map((reference) => ({ actor: { reference }, status: 'accepted' }))
  const resource = { resourceType: 'Appointment', status: 'pending', start: new Date(NINE_O_CLOCK).toISOString(), end }
  for (const { role, token } of people) {
    for (const search of searches) {
      const { status, body } = await server.request('GET', `/fhir/r4/${search}`, { as: { token } })
      const found = status === 200 ? (body.total ?? body.entry?.length ?? 0) : 0
      expect([role, search, found, JSON.stringify(body).includes(MARKER)]).toEqual([role, search, 0, false])
    }
    const headers = { 'content-type': 'application/fhir+json' }
    const body = JSON.stringify({ ...resource, participant })
    const answer = await server.request('POST', '/fhir/r4/Appointment', { as: { token }, headers, body })
    expect([role, answer.status >= 400, JSON.stringify(answer.body).includes(MARKER)]).toEqual([role, true, false])
  }
})

test('a foreign account, link or code opens nothing here, and is answered like one that does not exist', async () => {
  const patient = people.find(({ role }) => role === 'patient')?.token ?? ''
  const ask = (path: string, body: object, token?: string) =>
    server.request('POST', `/api/v1${path}`, { body, ...(token !== undefined && { as: { token } }) })
  const plain = ({ status, body }: { status: number; body: unknown }) => [
    status,
    { ...(body as object), requestId: '' },
  ]
  const wrong = { password: 'not the password at all' }
  const known = await ask('/auth/login', { email: life.email, ...wrong })
  expect(plain(known)).toEqual(plain(await ask('/auth/login', { email: 'nobody@nowhere.test', ...wrong })))
  const reset = await ask('/auth/password-reset', { email: life.email })
  expect(plain(reset)).toEqual(plain(await ask('/auth/password-reset', { email: 'nobody@nowhere.test' })))
  const code = await ask('/me/patients', { code: life.linkCode }, patient)
  expect(plain(code)).toEqual(plain(await ask('/me/patients', { code: 'ABCD-EFGH-JKLM' }, patient)))
  expect(code.status).toBeGreaterThanOrEqual(400)
})

/** What somebody here could send about documents there, collection by collection. */
function* guesses(): Generator<readonly [CollectionName, readonly object[]]> {
  for (const name of COLLECTION_NAMES) {
    const document = (FOREIGN_DOCUMENTS as Partial<Record<CollectionName, object>>)[name]
    const { id } = (document ?? {}) as { readonly id?: string }
    const rows = [{}, { clinicId: server.clinic.clinicId }].map((part) => {
      // The text is the author's own guess: an answer that repeats it from the server would show it with the marker.
      const guess = JSON.parse(JSON.stringify({ ...document, ...part }).replaceAll(MARKER, 'Guess'))
      return { newDocumentState: { ...guess, id, _deleted: false } }
    })
    yield [name, document ? rows : []]
  }
}

test('no pull and no push over the socket answers with the other clinic', { timeout: 120_000 }, async () => {
  const before = await foreign()
  for (const { role, token } of people) {
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    wire.send({ id: 'auth', collection: '', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
    for (const [name, rows] of guesses()) {
      await wire.ask(name, 'masterChangesSince', [null, 500])
      for (const row of rows) await wire.ask(name, 'masterWrite', [[row]])
    }
    expect([role, JSON.stringify(wire.received).includes(MARKER)]).toEqual([role, false])
    expect(wire.received.length).toBeGreaterThan(COLLECTION_NAMES.length)
    wire.close()
  }
  expect(await foreign()).toBe(before)
})

test('no pull and no push over HTTP answers with the other clinic', { timeout: 120_000 }, async () => {
  const before = await foreign()
  for (const { role, token } of people) {
    for (const [name, rows] of guesses()) {
      const address = `/sync/${name}/${definitionOf(name).version}`
      const answers = [await server.request('GET', `${address}/pull?lwt=0&id=&limit=500`, { as: { token } })]
      for (const row of rows)
        answers.push(await server.request('POST', `${address}/push`, { as: { token }, body: [row] }))
      expect([role, name, ...answers.map(({ status }) => status)]).toEqual([role, name, ...answers.map(() => 200)])
      expect([role, JSON.stringify(answers.map(({ body }) => body)).includes(MARKER)]).toEqual([role, false])
    }
  }
  expect(await foreign()).toBe(before)
})
