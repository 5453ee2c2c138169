/** Whatever is wrong with a request: a code, a sentence, the field, and nothing written. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FieldFault } from '#domain/api/error-schema.ts'
import type { TableName } from '#server/database/tables.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/appointments'
const WRITTEN: readonly TableName[] = [
  'appointments',
  'appointment_revisions',
  'document_views',
  'outbox',
  'idempotency_keys',
  'rejected_changes',
  'change_counters',
]

const BOOKING = {
  doctorId: testId('Doctor', 1),
  patientId: testId('Patient', 2),
  typeId: testId('AppointmentType', 9),
  start: NINE_O_CLOCK + 60 * 60_000,
}
const without = (name: keyof typeof BOOKING) =>
  Object.fromEntries(Object.entries(BOOKING).filter(([key]) => key !== name))

describe.each(engines)('bad input on %s', (engine) => {
  let server: ServerUnderTest
  /** A confirmed visit at nine. */
  let visit = ''
  beforeAll(async () => {
    server = await aServer(engine)
    const body = { ...BOOKING, start: NINE_O_CLOCK, typeId: server.clinic.types.consultation.id, isConfirmed: true }
    visit = (await server.request('POST', PATH, { as: 'receptionist', body })).body.appointment.id
    // What happened is passed on before anything is compared.
    await server.server.events.relay.drain()
    await server.server.people?.notifications.drain()
  })
  afterAll(() => server.stop())

  /** Everything a change could leave behind, counters included. */
  const written = () =>
    server.database.read(async (tx) => {
      const rows = []
      for (const table of WRITTEN)
        rows.push(await sql`select * from ${sql.table(table)}`.execute(tx).then((r) => r.rows))
      return JSON.stringify(rows)
    })

  const refuse = async (method: string, path: string, body: unknown, expected: readonly [number, string, string?]) => {
    const before = await written()
    const answer = await server.request(method, path, { as: 'receptionist', body })
    const [status, code, field] = expected
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, code, field])
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(answer.body).toMatchObject({ type: `/api/v1/problems#${code}`, status })
    for (const sentence of [answer.body.title, answer.body.detail]) expect(sentence).toMatch(/^["A-Z].*\.$/)
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'))
    expect(await written()).toBe(before)
  }

  describe('booking', () => {
    test.each<[string, unknown, readonly [number, string, string?]]>([
      ['text for an instant', { ...BOOKING, start: `${BOOKING.start}` }, [400, 'invalid-field', 'start']],
      ['a fraction of a millisecond', { ...BOOKING, start: BOOKING.start + 0.5 }, [400, 'invalid-field', 'start']],
      ['an instant before 1970', { ...BOOKING, start: -1 }, [400, 'invalid-field', 'start']],
      ['an instant no calendar reaches', { ...BOOKING, start: 1e15 }, [400, 'invalid-field', 'start']],
      ['null for an id', { ...BOOKING, doctorId: null }, [400, 'invalid-field', 'doctorId']],
      [
        'an id in upper case',
        { ...BOOKING, doctorId: BOOKING.doctorId.toUpperCase() },
        [400, 'invalid-field', 'doctorId'],
      ],
      ['SQL for an id', { ...BOOKING, doctorId: "' or 1=1 --" }, [400, 'invalid-field', 'doctorId']],
      ['a missing doctor', without('doctorId'), [400, 'missing-field', 'doctorId']],
      ['a missing start', without('start'), [400, 'missing-field', 'start']],
      ['an unknown field', { ...BOOKING, color: 'red' }, [400, 'unknown-field', 'color']],
      ['a field of the server', { ...BOOKING, clinicId: testId('Clinic') }, [400, 'unknown-field', 'clinicId']],
      ['a status of its own', { ...BOOKING, status: 'fulfilled' }, [400, 'unknown-field', 'status']],
      ['a reason that is too long', { ...BOOKING, reason: 'x'.repeat(501) }, [400, 'invalid-field', 'reason']],
      ['a number for a flag', { ...BOOKING, isConfirmed: 1 }, [400, 'invalid-field', 'isConfirmed']],
      ['a list', [BOOKING], [400, 'invalid-field', 'body']],
      ['nothing', undefined, [400, 'invalid-field', 'body']],
      ['a doctor nobody knows', { ...BOOKING, doctorId: testId('Doctor', 77) }, [422, 'unknown-reference', 'doctorId']],
      [
        'a patient nobody knows',
        { ...BOOKING, patientId: testId('Patient', 77) },
        [422, 'unknown-reference', 'patientId'],
      ],
      [
        'a type nobody knows',
        { ...BOOKING, typeId: testId('AppointmentType', 77) },
        [422, 'unknown-reference', 'typeId'],
      ],
      [
        'a time in the skipped hour',
        { ...BOOKING, start: { day: '2027-03-28', time: '01:30' } },
        [422, 'skipped-hour', 'start.time'],
      ],
      [
        'a time that comes twice',
        { ...BOOKING, start: { day: '2026-10-25', time: '01:30' } },
        [422, 'repeated-hour', 'start.repeat'],
      ],
      ['a wall time without its day', { ...BOOKING, start: { time: '01:30' } }, [400, 'missing-field', 'start.day']],
      ['a flag for a time', { ...BOOKING, start: true }, [400, 'invalid-field', 'start']],
      ['a time in the past', { ...BOOKING, start: NINE_O_CLOCK - 48 * 3_600_000 }, [422, 'in-the-past', 'start']],
      ['a time at night', { ...BOOKING, start: NINE_O_CLOCK + 12 * 3_600_000 }, [422, 'outside-hours', 'start']],
      [
        'a time that is taken',
        { ...BOOKING, patientId: testId('Patient', 3), start: NINE_O_CLOCK },
        [409, 'slot-taken', 'start'],
      ],
      [
        'a patient who is elsewhere',
        { ...BOOKING, doctorId: testId('Doctor', 2), start: NINE_O_CLOCK },
        [409, 'patient-busy', 'start'],
      ],
    ])('with %s is refused', async (_, body, expected) => {
      const typeId = server.clinic.types.consultation.id
      const fill = (value: unknown) =>
        JSON.parse(JSON.stringify(value ?? null).replaceAll(testId('AppointmentType', 9), typeId))
      await refuse('POST', PATH, body === undefined ? undefined : fill(body), expected)
    })

    test('with a type this doctor does not offer is refused', async () => {
      const body = { ...BOOKING, doctorId: testId('Doctor', 2), typeId: server.clinic.types.special.id }
      await refuse('POST', PATH, body, [422, 'type-not-offered', 'typeId'])
    })

    test('with several faults is told all of them, and never what was sent', async () => {
      const body = { doctorId: 'Marker', start: { day: 'Marker', 'a/b': 1 }, note: 5, color: 'Marker' }
      const answer = await server.request('POST', PATH, { as: 'receptionist', body })
      expect(answer.body).toMatchObject({ code: 'unknown-field', field: 'color', detail: '"color" is not known here.' })
      expect(answer.body.errors.map((fault: FieldFault) => [fault.in, fault.pointer, fault.field, fault.rule])).toEqual(
        [
          ['body', '#/color', 'color', 'additionalProperties'],
          ['body', '#/start/a~1b', 'start.a/b', 'additionalProperties'],
          ['body', '#/patientId', 'patientId', 'required'],
          ['body', '#/typeId', 'typeId', 'required'],
          ['body', '#/doctorId', 'doctorId', 'minLength'],
          ['body', '#/doctorId', 'doctorId', 'pattern'],
          ['body', '#/start/time', 'start.time', 'required'],
          ['body', '#/start/day', 'start.day', 'minLength'],
          ['body', '#/start/day', 'start.day', 'pattern'],
          ['body', '#/note', 'note', 'type'],
        ],
      )
      expect(JSON.stringify(answer.body)).not.toContain('Marker')
    })

    test('with thousands of unknown fields is told some of them', async () => {
      const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 1]))
      const answer = await server.request('POST', PATH, { as: 'receptionist', body })
      expect([answer.status, answer.body.errors.length]).toEqual([400, 32])
    })

    test('with a body larger than the server takes is refused', async () => {
      await refuse('POST', PATH, { ...BOOKING, note: 'x'.repeat(70_000) }, [413, 'body-too-large'])
    })

    test('with broken JSON is refused', async () => {
      await refuse('POST', PATH, '{"start": 1', [400, 'malformed-json'])
    })
  })

  describe('changing', () => {
    const at = (action: string) => `${PATH}/${visit}${action}`
    test.each<[string, string, object, readonly [number, string, string?]]>([
      [
        'a move to the past',
        '/move',
        { start: NINE_O_CLOCK - 48 * 3_600_000, revision: 1 },
        [422, 'in-the-past', 'start'],
      ],
      [
        'a move into the night',
        '/move',
        { start: NINE_O_CLOCK + 12 * 3_600_000, revision: 1 },
        [422, 'outside-hours', 'start'],
      ],
      [
        'a move to nobody',
        '/move',
        { start: NINE_O_CLOCK, doctorId: testId('Doctor', 77), revision: 1 },
        [422, 'unknown-reference', 'doctorId'],
      ],
      ['a move without what was seen', '/move', { start: NINE_O_CLOCK }, [428, 'revision-missing', 'if-match']],
      [
        'a move with an end of its own',
        '/move',
        { start: NINE_O_CLOCK, end: NINE_O_CLOCK - 1, revision: 1 },
        [400, 'unknown-field', 'end'],
      ],
      ['a change of what was changed meanwhile', '/confirm', { revision: 0 }, [412, 'stale-revision', 'revision']],
      ['a negative revision', '/confirm', { revision: -1 }, [400, 'invalid-field', 'revision']],
      ['a cancellation without a reason', '/cancel', { reason: '', revision: 1 }, [400, 'invalid-field', 'reason']],
      [
        'beginning a visit whose patient has not come',
        '/status',
        { step: 'start', revision: 1 },
        [409, 'status-jump', 'status'],
      ],
      ['a step nobody knows', '/status', { step: 'fly', revision: 1 }, [400, 'invalid-field', 'step']],
      ['reopening what is open', '/status', { step: 'reopen', revision: 1 }, [409, 'status-jump', 'status']],
    ])('%s is refused', async (_, action, body, expected) => {
      await refuse('POST', at(action), body, expected)
    })

    test('an id that is none is refused by name', async () => {
      await refuse('POST', `${PATH}/42/confirm`, { revision: 1 }, [400, 'invalid-field', 'id'])
    })

    test('an appointment nobody knows is not found', async () => {
      await refuse('POST', `${PATH}/${testId('Appointment', 77)}/confirm`, { revision: 1 }, [404, 'not-found'])
    })
  })

  describe('asking', () => {
    test.each<[string, string, readonly [number, string, string?]]>([
      ['without days', '', [400, 'missing-field', 'from']],
      ['for a day that is none', '?from=2026-02-30&to=2026-03-01', [400, 'invalid-field', 'from']],
      ['for words', '?from=today&to=2026-03-01', [400, 'invalid-field', 'from']],
      ['for days in the wrong order', '?from=2026-10-14&to=2026-10-13', [422, 'end-before-start', 'to']],
      ['for too many days', '?from=2026-10-14&to=2026-12-15', [400, 'range-too-long', 'to']],
      [
        'for more than ten years of one patient',
        `?from=2016-01-01&to=2026-12-15&patientId=${testId('Patient', 1)}`,
        [400, 'range-too-long', 'to'],
      ],
      ['with an unknown filter', '?from=2026-10-14&to=2026-10-14&color=red', [400, 'unknown-field', 'color']],
      ['for a status that is none', '?from=2026-10-14&to=2026-10-14&status=odd', [400, 'invalid-field', 'status']],
      ['for no items', '?from=2026-10-14&to=2026-10-14&limit=0', [400, 'invalid-field', 'limit']],
      ['for too many items', '?from=2026-10-14&to=2026-10-14&limit=501', [400, 'invalid-field', 'limit']],
      [
        'with a cursor that was made up',
        '?from=2026-10-14&to=2026-10-14&cursor=WyJhIl0',
        [400, 'invalid-field', 'cursor'],
      ],
      ['twice for one thing', '?from=2026-10-14&to=2026-10-14&to=2026-10-15', [400, 'invalid-field', 'to']],
    ])('%s is refused', async (_, query, expected) => {
      await refuse('GET', `${PATH}${query}`, undefined, expected)
    })
  })

  test('the server goes on', async () => {
    expect((await server.request('GET', '/readyz')).status).toBe(200)
    expect((await server.request('GET', `${PATH}/${visit}`, { as: 'receptionist' })).body.appointment.revision).toBe(1)
  })
})
