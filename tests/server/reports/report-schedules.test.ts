import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { hours } from '#domain/time/instant.ts'
import { runDueSchedules } from '#server/operations/reports/report-schedules.ts'
import { testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/report-schedules'

describe.each(engines)('schedules of reports on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const wanted = (more: object = {}) => ({
    name: 'The week',
    definition: 'appointments-by-doctor',
    range: 'last-week',
    filter: { statuses: ['fulfilled'] },
    type: 'pdf',
    weekday: 1,
    dayOfMonth: null,
    localTime: '07:00',
    recipientIds: [server.clinic.userIds.admin],
    isActive: true,
    ...more,
  })
  const create = (body: object, as: ShippedRole = 'admin') => server.request('POST', PATH, { as, body })
  const queued = () =>
    server.database.read((tx) =>
      tx.selectFrom('reports').select(['user_id', 'filter', 'schedule_id']).orderBy('id').execute(),
    )
  /** The server's own clock stands, so that sessions go on. */
  const runAt = (now: number) => runDueSchedules({ database: server.database, newId: server.server.newId }, now)

  test('one is made, changed by who has seen it, and removed', async () => {
    const made = await create(wanted())
    expect([made.status, made.body.schedule.nextRunAt]).toEqual([201, Date.parse('2026-10-19T06:00Z')])
    const { id, revision } = made.body.schedule
    const edit = (body: object, seen: string) =>
      server.request('PATCH', `${PATH}/${id}`, { as: 'admin', body, headers: { 'if-match': seen } })
    const edited = await edit({ weekday: null, dayOfMonth: 1 }, `"${revision}"`)
    expect(edited.body.schedule).toMatchObject({
      weekday: null,
      nextRunAt: Date.parse('2026-11-01T07:00Z'),
      revision: 2,
    })
    expect((await edit({ name: 'Late' }, `"${revision}"`)).status).toBe(412)
    expect((await edit({ weekday: 3 }, '"2"')).status).toBe(400)
    expect((await server.request('GET', PATH, { as: 'admin' })).body.schedules).toHaveLength(1)
    expect((await server.request('DELETE', `${PATH}/${id}`, { as: 'admin' })).status).toBe(204)
    expect((await server.request('GET', `${PATH}/${id}`, { as: 'admin' })).status).toBe(404)
  })

  test('recipients are people of the clinic', async () => {
    const answer = await create(wanted({ recipientIds: [testId('User', 999)] }))
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([422, expect.stringContaining('recipientIds')])
  })

  test('its time queues one report for each recipient, of the days before it, once', async () => {
    const { admin, receptionist } = server.clinic.userIds
    const { id } = (await create(wanted({ recipientIds: [admin, receptionist] }))).body.schedule
    expect(await runAt(server.clock.now)).toBe(0)
    // Two Mondays have passed: the report is of the last one, and is made once.
    const later = Date.parse('2026-10-28T12:00Z')
    const all = await Promise.all([runAt(later), runAt(later), runAt(later)])
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(2)
    const rows = await queued()
    expect(rows.map((row) => [row.user_id, row.schedule_id])).toEqual(
      expect.arrayContaining([
        [admin, id],
        [receptionist, id],
      ]),
    )
    expect(JSON.parse(rows[0]?.filter ?? '')).toEqual({
      from: '2026-10-19',
      until: '2026-10-25',
      statuses: ['fulfilled'],
    })
    const { schedule } = (await server.request('GET', `${PATH}/${id}`, { as: 'admin' })).body
    expect(schedule).toMatchObject({
      lastRunAt: later,
      nextRunAt: Date.parse('2026-11-02T07:00Z'),
      revision: 1,
    })
    await server.request('DELETE', `${PATH}/${id}`, { as: 'admin' })
  })

  test('one that is switched off, and people who have left, get nothing', async () => {
    const before = (await queued()).length
    const off = (await create(wanted({ isActive: false }))).body.schedule
    const left = (await create(wanted())).body.schedule
    await server.database.write((tx) =>
      tx.updateTable('clinic_users').set({ is_active: 0 }).where('user_id', '=', server.clinic.userIds.admin).execute(),
    )
    expect(await runAt(server.clock.now + hours(24 * 8))).toBe(0)
    expect(await queued()).toHaveLength(before)
    expect([off.isActive, left.isActive]).toEqual([false, true])
  })
})
