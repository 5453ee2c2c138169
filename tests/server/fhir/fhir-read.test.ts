import type { Bundle, FhirResource } from 'fhir/r4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { faultsOf } from '#tests/support/fhir-validator.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/fhir/r4'
const DAY = 'date=2026-10-14'

describe.each(engines)('reading FHIR on %s', (engine) => {
  let server: ServerUnderTest
  const visits: { id: string; start: number; patientId: string; doctorId: string }[] = []

  beforeAll(async () => {
    server = await aServer(engine)
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const body = {
        doctorId: testId('Doctor', 1 + (index % 2)),
        patientId: testId('Patient', 1 + index),
        typeId: server.clinic.types.consultation.id,
        start: NINE_O_CLOCK + minutes(30 * index),
        isConfirmed: index !== 5,
        ...(index === 0 && { reason: 'Cough', note: 'Brings her own chair' }),
      }
      const { body: answer } = await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })
      visits.push(answer.appointment)
    }
  })
  afterAll(() => server.stop())

  const get = (path: string, as: ShippedRole = 'receptionist', headers = {}) =>
    server.request('GET', `${PATH}${path}`, { as, headers })
  const idsIn = ({ entry = [] }: Bundle) => entry.map(({ resource }) => (resource as FhirResource).id)
  const search = async (path: string, as: ShippedRole = 'receptionist') => {
    const { status, body } = await get(path, as)
    expect([path, status]).toEqual([path, 200])
    expect(faultsOf(body)).toEqual([])
    return body as Bundle
  }

  test('an appointment says in FHIR’s words what it says in ours', async () => {
    const [visit] = visits
    const { body, headers } = await get(`/Appointment/${visit?.id}`)
    expect(headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
    expect(headers.get('etag')).toBe('W/"1"')
    expect(headers.get('last-modified')).toBe(new Date(server.clock.now).toUTCString())
    expect(faultsOf(body)).toEqual([])
    expect(body).toMatchObject({
      resourceType: 'Appointment',
      id: visit?.id,
      meta: { versionId: '1', lastUpdated: new Date(server.clock.now).toISOString() },
      status: 'booked',
      start: '2026-10-14T08:00:00.000Z',
      end: '2026-10-14T08:15:00.000Z',
      minutesDuration: 15,
      reasonCode: [{ text: 'Cough' }],
      comment: 'Brings her own chair',
      serviceType: [{ coding: [{ code: 'GP-15' }], text: 'Consultation' }],
      participant: [
        { actor: { reference: `Practitioner/${testId('Doctor', 1)}`, display: 'Dr Number 1' }, status: 'accepted' },
        { actor: { reference: `Patient/${testId('Patient', 1)}` }, status: 'accepted' },
      ],
    })
    expect(JSON.stringify(body)).not.toContain('Patient Number')
  })

  test('what a client has already is not sent again', async () => {
    const path = `/Appointment/${visits[0]?.id}`
    expect((await get(path, 'receptionist', { 'if-none-match': 'W/"1"' })).status).toBe(304)
    expect((await get(path, 'receptionist', { 'if-none-match': 'W/"2"' })).status).toBe(200)
  })

  test.each<[string, readonly number[]]>([
    [`${DAY}`, [0, 1, 2, 3, 4, 5]],
    ['date=ge2026-10-14T10:00&date=lt2026-10-14T11:00', [2, 3]],
    ['date=gt2026-10-14T11:00:00%2B01:00', [5]],
    ['date=gt2026-10-14T11:00:00+01:00', [5]],
    [`${DAY}&status=pending`, [5]],
    [`${DAY}&status=booked,pending`, [0, 1, 2, 3, 4, 5]],
    [`${DAY}&status=proposed`, []],
    [`practitioner=Practitioner/${testId('Doctor', 2)}`, [1, 3, 5]],
    [`practitioner=${testId('Doctor', 2)}`, [1, 3, 5]],
    [`actor=Practitioner/${testId('Doctor', 1)}`, [0, 2, 4]],
    [`actor=Patient/${testId('Patient', 3)}`, [2]],
    [`actor=Patient/${testId('Patient', 3)}&actor=Practitioner/${testId('Doctor', 2)}`, []],
    [`patient=Patient/${testId('Patient', 2)},Patient/${testId('Patient', 4)}`, [1, 3]],
    [`patient=${testId('Patient', 2)}&patient=${testId('Patient', 4)}`, []],
    ['_lastUpdated=ge2026-10-13', [0, 1, 2, 3, 4, 5]],
    ['_lastUpdated=lt2026-10-13', []],
  ])('Appointment?%s finds %j', async (query, wanted) => {
    const bundle = await search(`/Appointment?${query}`)
    expect(idsIn(bundle)).toEqual(wanted.map((index) => visits[index]?.id))
    expect(bundle.total).toBe(wanted.length)
  })

  test('an appointment is found by its id and by its identifier', async () => {
    const { id } = visits[3] as { id: string }
    expect(idsIn(await search(`/Appointment?_id=${id}`))).toEqual([id])
    expect(idsIn(await search(`/Appointment?identifier=urn:ietf:rfc:3986|urn:uuid:${id}`))).toEqual([id])
    expect(idsIn(await search(`/Appointment?identifier=urn:other|urn:uuid:${id}`))).toEqual([])
  })

  test('the links of a bundle lead through all of it, each appointment once', async () => {
    const seen: (string | undefined)[] = []
    let next: string | undefined = `${server.url}${PATH}/Appointment?${DAY}&_count=4`
    for (let page = 0; next && page < 10; page += 1) {
      const bundle = await search(next.slice(server.url.length + PATH.length))
      expect(bundle.total).toBe(6)
      expect(bundle.link?.find(({ relation }) => relation === 'self')?.url).toBe(next)
      seen.push(...idsIn(bundle))
      next = bundle.link?.find(({ relation }) => relation === 'next')?.url
    }
    expect(seen).toEqual(visits.map(({ id }) => id))
    const counted = await search(`/Appointment?${DAY}&_count=0`)
    expect([counted.total, counted.entry, counted.link?.length]).toEqual([6, undefined, 1])
  })

  test.each<[string, readonly number[]]>([
    ['name=number 2', [2, 20]],
    ['family=number&given=3', [3]],
    ['birthdate=1980-05-17&_count=1', [1]],
    ['birthdate=1980-06', []],
    ['birthdate=le1979', []],
    ['gender=male', []],
    [`_id=${testId('Patient', 4)},${testId('Patient', 5)}`, [4, 5]],
    ['telecom=nobody@example.test', []],
  ])('Patient?%s finds %j', async (query, wanted) => {
    const bundle = await search(`/Patient?${query}`)
    expect(idsIn(bundle)).toEqual(wanted.map((number) => testId('Patient', number)))
  })

  test('doctors and their schedules are found by name, by reference and by date', async () => {
    expect(idsIn(await search('/Practitioner?name=dr number 2'))).toEqual([testId('Doctor', 2)])
    expect((await search('/Practitioner?_count=2')).link?.length).toBe(2)
    expect((await search('/Practitioner?active=true')).total).toBe(3)
    const doctor = await get(`/Practitioner/${testId('Doctor', 2)}`)
    expect(faultsOf(doctor.body)).toEqual([])
    expect(doctor.body).toMatchObject({
      name: [{ text: 'Dr Number 2' }],
      qualification: [{ code: { text: 'General practice' } }],
    })
    const actor = `actor=Practitioner/${testId('Doctor', 2)}`
    expect(idsIn(await search(`/Schedule?${actor}&date=2026-10-14`))).toEqual([testId('Doctor', 2)])
    expect(idsIn(await search(`/Schedule?${actor}&date=lt2026-10-01`))).toEqual([])
    expect(faultsOf((await get(`/Schedule/${testId('Doctor', 2)}`)).body)).toEqual([])
  })

  test('a patient finds the own visits and the own record, and nobody else’s', async () => {
    expect(idsIn(await search(`/Appointment?${DAY}`, 'patient'))).toEqual([visits[0]?.id])
    expect(idsIn(await search('/Patient', 'patient'))).toEqual([testId('Patient', 1)])
    expect((await search(`/Appointment?patient=${testId('Patient', 2)}`, 'patient')).total).toBe(0)
    const foreign = await get(`/Appointment/${visits[1]?.id}`, 'patient')
    const nothing = await get(`/Appointment/${testId('Appointment', 99)}`, 'patient')
    expect(foreign.status).toBe(404)
    const plain = (body: { issue: object[] }) => ({
      ...body,
      issue: body.issue.map((each) => ({ ...each, diagnostics: '' })),
    })
    expect(plain(foreign.body)).toEqual(plain(nothing.body))
  })

  test('a doctor finds the own patients alone', async () => {
    expect(idsIn(await search(`/Appointment?${DAY}`, 'doctor'))).toEqual([0, 2, 4].map((index) => visits[index]?.id))
    expect(idsIn(await search('/Patient', 'doctor'))).toEqual([1, 3, 5].map((number) => testId('Patient', number)))
  })

  test('every answer with patients’ data is a row of the audit, with the door', async () => {
    const { id } = visits[4] as { id: string }
    await search(`/Appointment?_id=${id}`, 'admin')
    const rows = await server.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().where('user_id', '=', server.clinic.userIds.admin).execute(),
    )
    const read = rows.filter(({ action }) => action === 'read')
    expect(read.map(({ document_ids, door }) => [document_ids, door])).toContainEqual([JSON.stringify([id]), 'fhir'])
  })

  test.each<[string, number, string]>([
    ['/Appointment?colour=red', 400, 'not-supported'],
    ['/Appointment?date=today', 400, 'value'],
    ['/Appointment?status=confirmed', 400, 'value'],
    ['/Appointment?patient=Practitioner/1', 400, 'value'],
    ['/Appointment?patient.name=x', 400, 'not-supported'],
    ['/Appointment?actor=Location/1', 400, 'value'],
    ['/Appointment?_count=many', 400, 'value'],
    ['/Appointment?_after=here', 400, 'value'],
    ['/Appointment?_format=xml', 406, 'not-supported'],
    ['/Patient?gender=x', 400, 'value'],
    ['/Patient?birthdate=1980-13', 400, 'value'],
    ['/Practitioner?active=perhaps', 400, 'value'],
    ['/Schedule?date=soon', 400, 'value'],
    ['/Appointment/42', 404, 'not-found'],
    [`/Patient/${testId('Patient', 99)}`, 404, 'not-found'],
    ['/Observation', 404, 'not-supported'],
    ['/Appointment/_history', 404, 'not-found'],
  ])('%s answers %i and an OperationOutcome', async (path, status, code) => {
    const answer = await get(path)
    expect([answer.status, answer.body?.issue?.[0]?.code]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
    expect(faultsOf(answer.body)).toEqual([])
  })

  test('a client that prefers it has unknown parameters ignored, and is told which counted', async () => {
    const { body } = await get(`/Appointment?${DAY}&colour=red`, 'receptionist', { prefer: 'handling=lenient' })
    expect(body.total).toBe(6)
    expect(body.link[0].url).toBe(`${server.url}${PATH}/Appointment?${DAY}`)
  })

  test.each(['json', 'application/fhir%2Bjson', 'application/fhir+json', 'application/json'])(
    '_format=%s is served',
    async (format) => {
      expect((await get(`/Patient?_count=1&_format=${format}`)).status).toBe(200)
    },
  )

  test('who accepts no JSON gets none; who is not signed in gets an outcome', async () => {
    expect((await get('/Patient', 'receptionist', { accept: 'application/fhir+xml' })).status).toBe(406)
    expect((await get('/Patient', 'receptionist', { accept: 'text/html, */*;q=0.1' })).status).toBe(200)
    const anonymous = await server.request('GET', `${PATH}/Patient`)
    expect([anonymous.status, anonymous.body.issue[0].code]).toEqual([401, 'login'])
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('the capability statement is valid, public, and true: what it lists is served', async () => {
    const { status, body } = await server.request('GET', `${PATH}/metadata`)
    // HL7's JSON schema is that of 4.0.0 and knows no later number; 4.0.1 changed no element.
    expect([status, faultsOf({ ...body, fhirVersion: '4.0.0' })]).toEqual([200, []])
    expect(body).toMatchObject({ fhirVersion: '4.0.1', kind: 'instance' })
    for (const { type, searchParam, interaction } of body.rest[0].resource) {
      const routes = server.server.routes.filter(
        ({ url }) => url === `${PATH}/${type}` || url === `${PATH}/${type}/:id`,
      )
      const served = routes.map(({ method, url }) => `${method} ${url.slice(PATH.length)}`)
      const stated: Record<string, string> = {
        read: `GET /${type}/:id`,
        'search-type': `GET /${type}`,
        create: `POST /${type}`,
        update: `PUT /${type}/:id`,
      }
      expect(served.filter((route) => !route.startsWith('HEAD')).sort()).toEqual(
        interaction.map(({ code }: { code: string }) => stated[code]).sort(),
      )
      for (const { name } of searchParam) {
        const answer = await get(`/${type}?${name}=`)
        expect([type, name, answer.body.issue?.[0]?.code]).not.toEqual([type, name, 'not-supported'])
      }
    }
  })
})

test('the validators see red: each broken resource is found by at least one of them', () => {
  const sound = {
    resourceType: 'Appointment',
    id: 'a',
    status: 'booked',
    start: '2026-10-14T08:00:00Z',
    end: '2026-10-14T08:15:00Z',
    participant: [{ actor: { reference: 'Patient/1' }, status: 'accepted' }],
  }
  expect(faultsOf(sound)).toEqual([])
  const { participant: _, ...alone } = sound
  const broken = [
    { ...sound, status: 'confirmed' },
    { ...sound, start: '2026-10-14' },
    { ...sound, minutesDuration: '15' },
    { ...sound, colour: 'red' },
    { ...sound, comment: '' },
    { ...sound, participant: [{ status: 'here' }] },
    { ...sound, participant: sound.participant[0] },
    alone,
    { ...sound, resourceType: 'Visit' },
  ]
  for (const resource of broken) expect([resource, faultsOf(resource).length > 0]).toEqual([resource, true])
  // HL7's schema is compiled anew for every type it finds fault with.
}, 240_000)
