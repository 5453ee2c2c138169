import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { type Answer, aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/appointments'
const DAY = '/api/v1/appointments?from=2026-10-14&to=2026-10-14'

describe.each(engines)('bookings over REST on %s', (engine) => {
  let server: ServerUnderTest
  /** Each test books at a time of its own. */
  let slot = 0
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const aBooking = (part: object = {}) => {
    slot += 1
    return {
      doctorId: testId('Doctor', 2),
      patientId: testId('Patient', slot % 20 || 20),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK + minutes(15) * slot,
      ...part,
    }
  }
  const book = (body: object, headers = {}) => server.request('POST', PATH, { as: 'receptionist', body, headers })
  const act = (id: string, action: string, body: object, headers = {}) =>
    server.request('POST', `${PATH}/${id}${action}`, { as: 'receptionist', body, headers })
  const countAppointments = async () =>
    (await server.database.read((tx) => tx.selectFrom('appointments').select('id').execute())).length
  const audited = (id: string) =>
    server.database.read((tx) =>
      tx.selectFrom('audit_log').select(['action', 'user_id']).where('document_ids', 'like', `%${id}%`).execute(),
    )

  test('a booking is made, seen, moved, confirmed, followed to its end and taken back', async () => {
    const booked = await book(aBooking({ reason: 'Cough', note: 'First visit' }))
    expect(booked.status).toBe(201)
    const { appointment } = booked.body
    expect(appointment).toMatchObject({
      status: 'pending',
      reason: 'Cough',
      note: 'First visit',
      revision: 1,
      origin: 'desk',
    })
    expect(appointment.end - appointment.start).toBe(minutes(15))
    expect(appointment._deleted).toBeUndefined()

    const { id } = appointment
    expect((await server.request('GET', `${PATH}/${id}`, { as: 'receptionist' })).body).toEqual({ appointment })
    const listed = await server.request('GET', DAY, { as: 'receptionist' })
    expect(listed.body.appointments.map((row: { id: string }) => row.id)).toContain(id)

    const start = appointment.start + hours(4)
    const moved = await act(id, '/move', { start, doctorId: testId('Doctor', 3), revision: 1 })
    expect(moved.body.appointment).toMatchObject({ start, doctorId: testId('Doctor', 3), revision: 2 })
    const confirmed = await act(id, '/confirm', { revision: 2 })
    expect(confirmed.body.appointment.status).toBe('confirmed')
    const steps: [string, string][] = [
      ['arrive', 'arrived'],
      ['start', 'arrived'],
      ['finish', 'fulfilled'],
      ['reopen', 'arrived'],
      ['reopen', 'confirmed'],
      ['no-show', 'noshow'],
      ['reopen', 'confirmed'],
    ]
    for (const [index, [step, status]] of steps.entries()) {
      const answer = await act(id, '/status', { step, revision: 3 + index })
      expect([step, answer.status, answer.body.appointment?.status]).toEqual([step, 200, status])
      if (step === 'start') expect(answer.body.appointment.startedAt).toBe(server.clock.now)
    }
    const cancelled = await act(id, '/cancel', { reason: 'Feels better', revision: 10 })
    expect(cancelled.body.appointment).toMatchObject({
      status: 'cancelled',
      cancelReason: 'Feels better',
      revision: 11,
    })
    const edited = await server.request('PATCH', `${PATH}/${id}`, {
      as: 'receptionist',
      body: { note: 'Called', revision: 11 },
    })
    expect(edited.body.appointment).toMatchObject({ note: 'Called', reason: 'Cough', revision: 12 })
  })

  test('a slot that is taken is offered no second time, and alternatives are free', async () => {
    const first = await book(aBooking({ doctorId: testId('Doctor', 1) }))
    const { start, doctorId } = first.body.appointment
    const second = await book(aBooking({ doctorId, start }))
    expect([second.status, second.body.code]).toEqual([409, 'slot-taken'])
    expect(JSON.stringify(second.body)).not.toContain('Patient Number')
    const { body } = await server.request('GET', `${PATH}/${first.body.appointment.id}/alternatives`, {
      as: 'receptionist',
    })
    expect(body.alternatives.length).toBeGreaterThan(0)
    expect(body.alternatives.length).toBeLessThanOrEqual(5)
    const [best] = body.alternatives
    expect((await book(aBooking({ doctorId: best.doctorId, start: best.start }))).status).toBe(201)
  })

  describe('an Idempotency-Key', () => {
    test('makes a repeat harmless: one appointment, the same answer', async () => {
      const body = aBooking()
      const headers = { 'idempotency-key': 'the-same-request' }
      const before = await countAppointments()
      const answers = await Promise.all([book(body, headers), book(body, headers), book(body, headers)])
      answers.push(await book(body, headers))
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
      expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
      expect(await countAppointments()).toBe(before + 1)
    })

    test('with another body, or for another appointment, is refused', async () => {
      const headers = { 'idempotency-key': 'used-for-two-things' }
      const one = (await book(aBooking())).body.appointment
      const two = (await book(aBooking())).body.appointment
      expect((await act(one.id, '/confirm', { revision: 1 }, headers)).status).toBe(200)
      for (const answer of [
        await act(two.id, '/confirm', { revision: 1 }, headers),
        await act(one.id, '/confirm', { revision: 2 }, headers),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([422, 'idempotency-key-reused'])
        expect(answer.body.field).toBe('idempotency-key')
      }
    })

    test('of a refused request may be used again', async () => {
      const headers = { 'idempotency-key': 'refused-at-first' }
      const taken = (await book(aBooking())).body.appointment
      const body = aBooking({ start: taken.start })
      expect((await book(body, headers)).status).toBe(409)
      await act(taken.id, '/cancel', { reason: 'free it', revision: 1 })
      expect((await book(body, headers)).status).toBe(201)
    })

    test('belongs to one person', async () => {
      const body = aBooking()
      const headers = { 'idempotency-key': 'somebody-elses-key' }
      expect((await book(body, headers)).status).toBe(201)
      const other = await server.request('POST', PATH, { as: 'admin', body, headers })
      expect([other.status, other.body.code]).toEqual([409, 'slot-taken'])
    })

    test.each(['short', 'x'.repeat(129), 'with a blank'])('like "%.12s" is refused', async (key) => {
      const answer = await book(aBooking(), { 'idempotency-key': key })
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, 'invalid-field', 'idempotency-key'])
    })
  })

  describe('the audit log', () => {
    test('has one durable row per answer with patients’ data, naming the documents', async () => {
      const { id } = (await book(aBooking())).body.appointment
      await server.request('GET', `${PATH}/${id}`, { as: 'doctor' })
      const before = await audited(id)
      expect(before.map(({ action }) => action).sort()).toEqual(['created', 'refused'])

      await server.request('GET', `${PATH}/${id}`, { as: 'admin' })
      const rows = await audited(id)
      expect(rows.map(({ action }) => action).sort()).toEqual(['created', 'read', 'refused'])
      expect(rows.find(({ action }) => action === 'read')?.user_id).toBe(server.clinic.userIds.admin)

      await server.request('GET', DAY, { as: 'admin' })
      expect((await audited(id)).filter(({ action }) => action === 'read')).toHaveLength(2)
    })

    test('has a row for a repeat that was answered without writing', async () => {
      const headers = { 'idempotency-key': 'repeated-and-read' }
      const body = aBooking()
      const { id } = (await book(body, headers)).body.appointment
      await book(body, headers)
      expect((await audited(id)).map(({ action }) => action).sort()).toEqual(['created', 'read'])
      await act(id, '/move', { start: body.start, revision: 1 })
      expect((await audited(id)).filter(({ action }) => action === 'read')).toHaveLength(2)
    })

    test('keeps an answer back that it cannot note', async () => {
      const { id } = (await book(aBooking())).body.appointment
      await server.database.write((tx) => tx.schema.alterTable('audit_log').renameTo('audit_log_away').execute())
      let answer: Answer
      try {
        answer = await server.request('GET', `${PATH}/${id}`, { as: 'admin' })
      } finally {
        await server.database.write((tx) =>
          tx.schema
            .alterTable('audit_log_away' as 'audit_log')
            .renameTo('audit_log')
            .execute(),
        )
      }
      expect([answer.status, answer.body.code]).toEqual([500, 'internal-error'])
      expect(answer.body.appointment).toBeUndefined()
    })
  })

  describe('who sees what', () => {
    test('a doctor sees the own visits, a patient the own, and nobody a foreign one', async () => {
      const own = (await book(aBooking({ doctorId: testId('Doctor', 1), patientId: testId('Patient', 1) }))).body
        .appointment
      const foreign = (await book(aBooking({ doctorId: testId('Doctor', 3), patientId: testId('Patient', 5) }))).body
        .appointment
      for (const role of ['doctor', 'patient'] as const) {
        expect((await server.request('GET', `${PATH}/${own.id}`, { as: role })).status).toBe(200)
        const ids = (await server.request('GET', DAY, { as: role })).body.appointments.map(
          (row: { id: string }) => row.id,
        )
        expect(ids).toContain(own.id)
        expect(ids).not.toContain(foreign.id)
        const hidden = await server.request('GET', `${PATH}/${foreign.id}`, { as: role })
        const absent = await server.request('GET', `${PATH}/${testId('Appointment', 998)}`, { as: role })
        expect(hidden.status).toBe(404)
        expect({ ...hidden.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' })
        const move = await server.request('POST', `${PATH}/${foreign.id}/move`, {
          as: role,
          body: { start: foreign.start + minutes(15), revision: 1 },
        })
        expect(move.status).toBe(404)
      }
    })

    test('a patient books for nobody else', async () => {
      const answer = await server.request('POST', PATH, {
        as: 'patient',
        body: aBooking({ patientId: testId('Patient', 2) }),
      })
      expect([answer.status, answer.body.code]).toEqual([403, 'not-allowed'])
    })
  })
})
