import type { Appointment, OperationOutcome } from 'fhir/r4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { slotIdOf } from '#domain/fhir/slot-id.ts'
import { HOUR_MS, minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { faultsOf } from '#tests/support/fhir-validator.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/fhir/r4/Appointment'
/** Some days on at eleven or, after the clocks are set back, at ten. */
const daysLater = (count: number) => NINE_O_CLOCK + HOUR_MS * (24 * count + 2)
const iso = (at: number) => new Date(at).toISOString()

describe.each(engines)('writing FHIR on %s', (engine) => {
  let server: ServerUnderTest
  let slot = 0
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  /** A request for a time and a patient of its own. */
  const anAppointment = (part: Partial<Appointment> = {}): Appointment => {
    slot += 1
    const doctor = `Practitioner/${testId('Doctor', 1 + (slot % 3))}`
    return {
      resourceType: 'Appointment',
      status: 'proposed',
      serviceType: [{ coding: [{ code: 'GP-15' }] }],
      start: iso(NINE_O_CLOCK + minutes(15) * (slot % 28)),
      participant: [
        { actor: { reference: doctor }, status: 'needs-action' },
        { actor: { reference: `Patient/${testId('Patient', 1 + (slot % 19))}` }, status: 'accepted' },
      ],
      ...part,
    }
  }
  const send = (
    method: string,
    path: string,
    body: object,
    headers: Record<string, string> = {},
    as: ShippedRole = 'receptionist',
  ) => server.request(method, path, { as, body, headers: { 'content-type': 'application/fhir+json', ...headers } })
  const create = (body: object, headers = {}, as?: ShippedRole) => send('POST', PATH, body, headers, as)
  const update = (body: Appointment, headers = {}, as?: ShippedRole) =>
    send('PUT', `${PATH}/${body.id}`, body, headers, as)
  const refusal = ({ status, body }: { status: number; body: OperationOutcome }) => {
    expect(faultsOf(body)).toEqual([])
    const [issue] = body.issue
    return [status, issue?.code, issue?.details?.coding?.[0]?.code ?? issue?.expression?.[0]]
  }
  const count = async () =>
    (await server.database.read((tx) => tx.selectFrom('appointments').select('id').execute())).length

  test('an appointment is created, read back, moved, confirmed, followed and cancelled', async () => {
    const asked = anAppointment({ reasonCode: [{ text: 'Cough' }], comment: 'By referral', status: 'pending' })
    const created = await create(asked)
    expect(created.status).toBe(201)
    expect(faultsOf(created.body)).toEqual([])
    const { body, headers } = created
    expect(headers.get('location')).toBe(`${server.url}${PATH}/${body.id}`)
    expect(headers.get('etag')).toBe('W/"1"')
    expect(body).toMatchObject({ status: 'pending', reasonCode: [{ text: 'Cough' }], comment: 'By referral' })
    expect((await server.request('GET', `${PATH}/${body.id}`, { as: 'receptionist' })).body).toEqual(body)

    let current: Appointment = body
    const step = async (change: Partial<Appointment>) => {
      const answer = await update({ ...current, ...change }, { 'if-match': `W/"${current.meta?.versionId}"` })
      expect([change, answer.status]).toEqual([change, 200])
      expect(faultsOf(answer.body)).toEqual([])
      current = answer.body
    }
    const later = Date.parse(body.start) + 7 * HOUR_MS
    await step({
      start: iso(later - minutes(60 * 24 * 7) + minutes(60 * 24 * 14)),
      end: iso(later + minutes(60 * 24 * 7 + 15)),
    })
    expect(current.meta?.versionId).toBe('2')
    await step({ status: 'booked' })
    await step({ status: 'checked-in' })
    expect(current.status).toBe('arrived')
    await step({ status: 'fulfilled' })
    await step({ status: 'arrived' })
    await step({ status: 'booked', comment: 'Came, and went again' })
    await step({ status: 'cancelled', cancelationReason: { text: 'Feels better' } })
    expect(current).toMatchObject({ status: 'cancelled', cancelationReason: { text: 'Feels better' } })
    const stored = await server.request('GET', `/api/v1/appointments/${body.id}`, { as: 'receptionist' })
    expect(stored.body.appointment).toMatchObject({
      cancelReason: 'Feels better',
      note: 'Came, and went again',
      revision: 8,
    })
  })

  test('what was read may be sent back: nothing changes', async () => {
    const { body } = await create(anAppointment({ status: 'booked' }))
    const again = await update(body, { 'if-match': 'W/"1"' })
    expect([again.status, again.body]).toEqual([200, body])
  })

  test('the doors are told apart in the history', async () => {
    const { body } = await create(anAppointment())
    const [row] = await server.database.read((tx) =>
      tx.selectFrom('appointment_revisions').selectAll().where('appointment_id', '=', body.id).execute(),
    )
    expect(row).toMatchObject({ door: 'fhir', user_id: server.clinic.userIds.receptionist })
  })

  test('a create that comes too late for its time is a conflict, and writes nothing', async () => {
    const first = anAppointment()
    expect((await create(first)).status).toBe(201)
    const before = await count()
    const [doctor] = first.participant
    const late = anAppointment({
      ...(first.start && { start: first.start }),
      participant: [
        doctor as Appointment['participant'][0],
        { actor: { reference: `Patient/${testId('Patient', 20)}` }, status: 'accepted' },
      ],
    })
    const answer = await create(late)
    expect(refusal(answer)).toEqual([409, 'conflict', 'slot-taken'])
    expect(answer.body.issue[0].expression).toEqual(['Appointment.start'])
    expect(JSON.stringify(answer.body)).not.toContain('Patient')
    expect(await count()).toBe(before)
  })

  test('of sixteen creates for one time one wins', async () => {
    const { start, participant } = anAppointment({ start: iso(daysLater(30)) })
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const patient = { actor: { reference: `Patient/${testId('Patient', 1 + index)}` }, status: 'accepted' } as const
        return create(anAppointment({ ...(start && { start }), participant: [participant[0] as never, patient] }))
      }),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 15 }, () => 409)])
  })

  describe('If-None-Exist', () => {
    test('makes any number of equal creates one appointment', async () => {
      const asked = anAppointment({ start: iso(daysLater(31)) })
      const patient = asked.participant[1]?.actor?.reference
      const headers = { 'if-none-exist': `patient=${patient}&date=${asked.start}` }
      const before = await count()
      const answers = await Promise.all([create(asked, headers), create(asked, headers), create(asked, headers)])
      answers.push(await create(asked, headers))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201])
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
      expect(await count()).toBe(before + 1)
    })

    test('that several appointments meet is refused', async () => {
      const headers = { 'if-none-exist': 'date=ge2026-10-14' }
      expect(refusal(await create(anAppointment(), headers))).toEqual([412, 'multiple-matches', undefined])
    })

    test.each(['', 'colour=red', 'date=today'])('"%s" is refused', async (condition) => {
      expect((await create(anAppointment(), { 'if-none-exist': condition })).status).toBe(400)
    })

    test('an identifier that is a UUID of the client’s is kept, and finds the appointment again', async () => {
      const id = testId('Appointment', 555)
      const identifier = [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${id}` }]
      const asked = anAppointment({ identifier })
      const first = await create(asked)
      expect([first.status, first.body.id]).toEqual([201, id])
      expect((await create(asked)).body).toEqual(first.body)
      const condition = { 'if-none-exist': `identifier=urn:ietf:rfc:3986|urn:uuid:${id}` }
      expect((await create(asked, condition)).status).toBe(200)
    })
  })

  describe('an update', () => {
    test('of something older than the current version is refused with 412', async () => {
      const { body } = await create(anAppointment())
      expect((await update({ ...body, comment: 'one' }, { 'if-match': 'W/"1"' })).status).toBe(200)
      const late = await update({ ...body, comment: 'two' }, { 'if-match': 'W/"1"' })
      expect(refusal(late)).toEqual([412, 'conflict', 'stale-revision'])
      // Without the header the resource says itself which version it was.
      expect(refusal(await update({ ...body, comment: 'two' }))).toEqual([412, 'conflict', 'stale-revision'])
    })

    test('that says no version, or another id, is refused', async () => {
      const { body } = await create(anAppointment())
      const { meta: _, ...blind } = body
      expect((await update(blind)).status).toBe(400)
      expect((await send('PUT', `${PATH}/${testId('Appointment', 99)}`, body, { 'if-match': 'W/"1"' })).status).toBe(
        400,
      )
      expect((await update(body, { 'if-match': 'yesterday' })).status).toBe(400)
    })

    test('of what is not there, or not to be seen, is not found', async () => {
      const nobody = { ...anAppointment(), id: testId('Appointment', 99) }
      expect(refusal(await update(nobody, { 'if-match': 'W/"1"' }))).toEqual([404, 'not-found', 'not-found'])
      const { body } = await create({ ...anAppointment(), participant: foreign() })
      expect(refusal(await update(body, { 'if-match': 'W/"1"' }, 'patient'))).toEqual([404, 'not-found', 'not-found'])
    })

    test('changes the time by the rules, or not at all', async () => {
      const { body } = await create(anAppointment())
      const night = { ...body, start: '2026-10-15T01:00:00Z', end: '2026-10-15T01:15:00Z' }
      expect(refusal(await update(night, { 'if-match': 'W/"1"' }))).toEqual([422, 'business-rule', 'outside-hours'])
      const long = { ...body, end: iso(Date.parse(body.end) + minutes(15)) }
      expect(refusal(await update(long, { 'if-match': 'W/"1"' }))).toEqual([422, 'business-rule', 'wrong-duration'])
      const jump = { ...body, status: 'waitlist' as const }
      expect(refusal(await update(jump, { 'if-match': 'W/"1"' }))).toEqual([409, 'business-rule', 'status-jump'])
      const other = { ...body, participant: [body.participant[0], foreign()[1]] }
      expect(refusal(await update(other as Appointment, { 'if-match': 'W/"1"' }))).toEqual([
        403,
        'forbidden',
        'not-allowed',
      ])
      expect((await server.request('GET', `${PATH}/${body.id}`, { as: 'receptionist' })).body).toEqual(body)
    })
  })

  const foreign = (): Appointment['participant'] => [
    { actor: { reference: `Practitioner/${testId('Doctor', 3)}` }, status: 'accepted' },
    { actor: { reference: `Patient/${testId('Patient', 20)}` }, status: 'accepted' },
  ]

  test('a slot says doctor, type and start', async () => {
    const start = daysLater(32)
    const typeId = server.clinic.types.consultation.id
    const id = slotIdOf({ doctorId: testId('Doctor', 1), typeId, start })
    const patient = { actor: { reference: `Patient/${testId('Patient', 7)}` }, status: 'accepted' }
    const asked = {
      resourceType: 'Appointment',
      status: 'booked',
      slot: [{ reference: `Slot/${id}` }],
      participant: [patient],
    }
    const answer = await create(asked)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ status: 'booked', start: iso(start), end: iso(start + minutes(15)) })
    const other = { ...asked, start: iso(start + minutes(15)) }
    expect(refusal(await create(other))).toEqual([422, 'invalid', 'Appointment.start'])
    const broken = { ...asked, slot: [{ reference: 'Slot/1' }] }
    expect(refusal(await create(broken))).toEqual([422, 'not-found', 'Appointment.slot[0]'])
  })

  test('a patient books for the own person alone, and cannot confirm', async () => {
    const mine = { actor: { reference: `Patient/${testId('Patient', 1)}` }, status: 'accepted' as const }
    const [doctor] = anAppointment().participant
    const start = iso(daysLater(33))
    const asked = anAppointment({ start, participant: [doctor as never, mine] })
    expect((await create({ ...asked, status: 'booked' }, {}, 'patient')).status).toBe(403)
    expect((await create(asked, {}, 'patient')).status).toBe(201)
    expect(refusal(await create({ ...asked, participant: foreign() }, {}, 'patient'))).toEqual([
      403,
      'forbidden',
      'not-allowed',
    ])
  })

  test('who prefers a minimal answer gets headers alone', async () => {
    const answer = await create(anAppointment(), { prefer: 'return=minimal' })
    expect([answer.status, answer.body]).toEqual([201, null])
    expect(answer.headers.get('etag')).toBe('W/"1"')
  })

  test.each<[string, object, unknown[]]>([
    ['a status of ours', { status: 'confirmed' }, [400, 'value', 'Appointment.status']],
    ['a visit that is over', { status: 'fulfilled' }, [422, 'business-rule', 'Appointment.status']],
    ['an error', { status: 'entered-in-error' }, [422, 'business-rule', 'Appointment.status']],
    ['a day for an instant', { start: '2026-10-14' }, [400, 'value', 'Appointment.start']],
    ['a start that no table holds', { start: '9999-12-31T09:00:00Z' }, [400, 'value', 'Appointment.start']],
    ['no start', { start: undefined }, [422, 'required', 'Appointment.start']],
    ['no participants', { participant: undefined }, [400, 'required', 'Appointment.participant']],
    ['no type of visit', { serviceType: undefined }, [422, 'required', 'Appointment.serviceType']],
    [
      'a type nobody offers',
      { serviceType: [{ coding: [{ code: 'SURGERY' }] }] },
      [422, 'code-invalid', 'Appointment.serviceType'],
    ],
    [
      'a code of another system',
      { serviceType: [{ coding: [{ system: 'http://snomed.info/sct', code: 'GP-15' }] }] },
      [422, 'code-invalid', 'Appointment.serviceType'],
    ],
    ['an end of its own', { end: '2026-10-14T20:00:00Z' }, [422, 'business-rule', 'wrong-duration']],
    ['an element that would be lost', { priority: 1 }, [400, 'not-supported', 'Appointment.priority']],
    [
      'an extension',
      { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] },
      [400, 'not-supported', 'Appointment.modifierExtension'],
    ],
    ['another resource', { resourceType: 'Patient' }, [400, 'invalid', 'invalid-field']],
  ])('%s is refused with its element named', async (_, part, expected) => {
    const before = await count()
    expect(refusal(await create({ ...anAppointment(), ...part }))).toEqual(expected)
    expect(await count()).toBe(before)
  })

  test.each([
    [{ actor: { reference: 'Location/1' }, status: 'accepted' }, 422],
    [{ actor: { reference: `Practitioner/${testId('Doctor', 2)}` }, status: 'accepted' }, 422],
    [{ status: 'accepted' }, 422],
    [{ actor: { reference: `Patient/${testId('Patient', 3)}` }, status: 'present' }, 400],
  ])('a third participant like %j is refused', async (third, status) => {
    const asked = anAppointment()
    const answer = await create({ ...asked, participant: [...asked.participant, third] })
    expect([answer.status, faultsOf(answer.body)]).toEqual([status, []])
  })

  test('a client that prefers it has unknown elements left out', async () => {
    const answer = await create({ ...anAppointment(), priority: 1 }, { prefer: 'handling=lenient' })
    expect([answer.status, answer.body.priority]).toEqual([201, undefined])
  })

  test.each<[string, string, number]>([
    ['{"resourceType": ', 'application/fhir+json', 400],
    ['<Appointment/>', 'application/fhir+xml', 415],
    [JSON.stringify({ resourceType: 'Appointment', comment: 'x'.repeat(70_000) }), 'application/fhir+json', 413],
    ['[]', 'application/fhir+json', 400],
  ])('a body of %.20s as %s answers with an outcome', async (body, type, status) => {
    const answer = await server.request('POST', PATH, { as: 'receptionist', body, headers: { 'content-type': type } })
    expect([answer.status, faultsOf(answer.body)]).toEqual([status, []])
  })
})
