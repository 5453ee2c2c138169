import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/calendar-feeds'

describe.each(engines)('calendar feeds on %s', (engine) => {
  let server: ServerUnderTest
  const visits: { id: string; revision: number }[] = []
  beforeAll(async () => {
    server = await aServer(engine)
    for (const index of [0, 1, 2]) {
      const body = {
        doctorId: testId('Doctor', 1),
        patientId: testId('Patient', 1 + index),
        typeId: server.clinic.types.consultation.id,
        start: NINE_O_CLOCK + minutes(30 * index),
        reason: 'Zyx-Marker',
        isConfirmed: true,
      }
      const answer = await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })
      visits.push(answer.body.appointment)
    }
  })
  afterAll(() => server.stop())

  const make = (body: object, as: ShippedRole) => server.request('POST', PATH, { as, body })
  const read = async (url: string, headers = {}) => server.request('GET', url.slice(server.url.length), { headers })
  const eventsOf = (text: string) =>
    new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((each) => new ICAL.Event(each))

  test('a doctor’s feed holds the doctor’s visits without a name, and follows what happens to them', async () => {
    const made = await make({ doctorId: testId('Doctor', 1) }, 'doctor')
    expect(made.status).toBe(201)
    expect(made.body.url).toMatch(/\/ical\/[\w-]{43}\.ics$/)
    const first = await read(made.body.url)
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const events = eventsOf(first.body)
    expect(events.map(({ uid }) => uid.split('@')[0])).toEqual(visits.map(({ id }) => id))
    expect(events[0]?.startDate.toUnixTime()).toBe(NINE_O_CLOCK / 1000)
    expect(first.body).not.toMatch(/Zyx|Patient Number/)
    const etag = first.headers.get('etag') ?? ''
    expect((await read(made.body.url, { 'if-none-match': etag })).status).toBe(304)
    const cancelled = { reason: 'x', revision: 1 }
    await server.request('POST', `/api/v1/appointments/${visits[2]?.id}/cancel`, {
      as: 'receptionist',
      body: cancelled,
    })
    const second = await read(made.body.url, { 'if-none-match': etag })
    expect(second.status).toBe(200)
    const last = eventsOf(second.body)[2]
    expect([last?.uid, last?.sequence]).toEqual([events[2]?.uid, 2])
    expect(last?.component.getFirstPropertyValue('status')).toBe('CANCELLED')
  })

  test('names stand in it only where the owner asked for them', async () => {
    const made = await make({ doctorId: testId('Doctor', 1), withNames: true }, 'doctor')
    expect((await read(made.body.url)).body).toContain('Patient Number 1')
    const own = await make({ patientId: testId('Patient', 1), withNames: true }, 'patient')
    const events = eventsOf((await read(own.body.url)).body)
    expect(events.map(({ summary }) => summary)).toEqual(['Appointment: Dr Number 1'])
  })

  test('each reading is a row of the audit, through the door ical, naming what was shown', async () => {
    const made = await make({ patientId: testId('Patient', 1) }, 'patient')
    await read(made.body.url)
    const rows = await server.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().where('door', '=', 'ical').execute(),
    )
    const mine = rows.filter(({ document_ids }) => document_ids.includes(made.body.feed.id))
    expect(mine).toHaveLength(1)
    expect(mine[0]).toMatchObject({ action: 'read', user_id: server.clinic.userIds.patient, session_id: null })
    expect(JSON.parse(mine[0]?.document_ids ?? '')).toEqual([made.body.feed.id, visits[0]?.id])
  })

  test('a revoked feed shows nothing; of a secret only its hash is kept', async () => {
    const made = await make({ doctorId: testId('Doctor', 1) }, 'doctor')
    const path = `${PATH}/${made.body.feed.id}`
    expect((await server.request('DELETE', path, { as: 'admin' })).status).toBe(404)
    const secret = /([\w-]{43})\.ics/.exec(made.body.url)?.[1] ?? 'none'
    const rows = await server.database.read((tx) => tx.selectFrom('calendar_feeds').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(JSON.stringify(server.logLines)).not.toContain(secret)
    expect((await server.request('DELETE', path, { as: 'doctor' })).status).toBe(204)
    expect((await read(made.body.url)).status).toBe(404)
    const { body } = await server.request('GET', PATH, { as: 'doctor' })
    expect(body.feeds.map(({ id }: { id: string }) => id)).not.toContain(made.body.feed.id)
  })

  test.each<[ShippedRole, object]>([
    ['patient', { patientId: testId('Patient', 2) }],
    ['patient', { doctorId: testId('Doctor', 1) }],
    ['doctor', { doctorId: testId('Doctor', 2) }],
    ['doctor', { patientId: testId('Patient', 2) }],
    ['receptionist', { doctorId: testId('Doctor', 99) }],
  ])('a %s gets no feed of %j', async (role, body) => {
    expect((await make(body, role)).status).toBe(404)
  })

  test.each(['nobody', 'x'.repeat(43), '..%2F..'])('an address with the secret %s shows nothing', async (secret) => {
    expect((await server.request('GET', `/ical/${secret}.ics`)).status).toBe(404)
  })
})
