/** News that is not about a booking: offers, devices, hours, reports. At once where it protects somebody, by day where it can wait. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import { queuedReport } from '#server/operations/reports/report-deps.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import { insertReport } from '#server/repositories/reports.ts'
import { testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { FIXTURE_PASSWORD } from '#tests/support/server-under-test.ts'
import { aTellingClinic, emailOf, nineOn, phoneOf, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('other news on %s', (engine) => {
  let told: TellingClinic
  beforeAll(async () => {
    told = await aTellingClinic(engine)
  })
  afterAll(() => told.stop())

  const mailsTo = (address: string) => told.mails().filter(({ to }) => JSON.stringify(to).includes(address))
  const logInOn = (device: number) =>
    told.server.request('POST', '/api/v1/auth/login', {
      body: {
        email: FIXTURE_EMAILS.doctor,
        password: FIXTURE_PASSWORD,
        device: { id: testId('Device', device), name: `Laptop ${device}` },
      },
    })

  test('a sign-in on a device never seen before is told at once, also at night; the first and a known one are not', async () => {
    await logInOn(1)
    told.server.clock.now = Date.parse('2026-10-14T01:00:00Z')
    await told.settle()
    expect(mailsTo(FIXTURE_EMAILS.doctor)).toEqual([])
    await logInOn(2)
    await told.settle()
    expect(mailsTo(FIXTURE_EMAILS.doctor)).toHaveLength(1)
    await logInOn(2)
    await told.settle()
    expect(mailsTo(FIXTURE_EMAILS.doctor)).toHaveLength(1)
  })

  test('whoever used a device that is revoked is told of it', async () => {
    expect((await told.ask('DELETE', `/api/v1/devices/${testId('Device', 2)}`, 'admin')).status).toBe(204)
    await told.settle()
    expect(mailsTo(FIXTURE_EMAILS.doctor)).toHaveLength(2)
  })

  test('an offer from the waitlist is told by day with a link, and never once it has run out', async () => {
    told.server.clock.now = Date.parse('2026-10-14T09:00:00Z')
    const wait = async (patient: number) => {
      const body = { patientId: testId('Patient', patient), typeId: told.server.clinic.types.consultation.id }
      return (await told.ask('POST', '/api/v1/waitlist', 'receptionist', body)).body.entry.id as string
    }
    const offer = async (entryId: string, start: number) => {
      const body = { entryIds: [entryId], doctorId: testId('Doctor', 2), start }
      expect((await told.ask('POST', '/api/v1/waitlist/offers', 'receptionist', body)).status).toBe(201)
    }
    await offer(await wait(4), nineOn(2))
    await told.settle()
    expect(told.gateway.sent.map(({ to }) => to)).toEqual([phoneOf(4)])
    expect(mailsTo(emailOf(4))[0]?.text).toContain('https://clinic.example')

    told.gateway.answer = () => ({ status: 503 })
    told.mailServer.refuseWith(451)
    await offer(await wait(5), nineOn(2) + minutes(60))
    await told.settle()
    told.gateway.answer = () => 'take'
    told.mailServer.refuseWith(null)
    await told.wait(hours(2))
    expect(mailsTo(emailOf(5))).toEqual([])
    expect(told.gateway.sent.map(({ to }) => to)).toEqual([phoneOf(4)])
  })

  test('a report that a schedule has asked for is told by e-mail, one that was asked for by hand in the app', async () => {
    const { database, clock, clinic, server } = told.server
    const userId = clinic.userIds.admin
    for (const [number, schedule] of [null, testId('ReportSchedule', 1)].entries()) {
      const id = testId('Report', number + 1)
      await database.write(async (tx) => {
        const part = { clinic_id: clinic.clinicId, user_id: userId, filter: '{}', rights: '[]', created_at: clock.now }
        await insertReport(
          tx,
          queuedReport({ ...part, id, definition: 'activity', type: 'csv', schedule_id: schedule }),
        )
        const told_ = { type: 'ReportFinished', payload: { reportId: id, userId } } as const
        await insertEvents(tx, [outboxRow({ newId: server.newId, clinicId: clinic.clinicId, now: clock.now }, told_)])
      })
      await told.settle()
      expect(mailsTo(FIXTURE_EMAILS.admin)).toHaveLength(number)
    }
    const list = await told.ask('GET', '/api/v1/notifications', 'admin')
    expect(list.body.notifications.filter(({ kind }: { kind: string }) => kind === 'report-ready')).toHaveLength(2)
  })
})
