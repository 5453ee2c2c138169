/** Reminders: one per visit, start, channel and lead; none for what is off or elsewhere; by the clinic's clock, switch days included. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { aTellingClinic, emailOf, nineOn, phoneOf, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DAY = hours(24)

describe.each(engines)('reminders on %s', (engine) => {
  let told: TellingClinic
  beforeAll(async () => {
    told = await aTellingClinic(engine)
  })
  afterAll(() => told.stop())

  const reminders = (id: string) =>
    told.server.database.read((tx) =>
      tx
        .selectFrom('reminders')
        .selectAll()
        .where('appointment_id', '=', id as never)
        .orderBy('channel')
        .execute(),
    )
  const at = async (instant: number) => {
    await told.settle()
    told.server.clock.now = instant
    await told.settle()
  }
  const textsTo = (patient: number) =>
    told.gateway.sent.filter(({ to, body }) => to === phoneOf(patient) && /\b1 \w{4}\b/.test(body))
  const remindersTo = (patient: number) =>
    told
      .mails()
      .filter(({ to, subject }) => JSON.stringify(to).includes(emailOf(patient)) && /remind/i.test(subject ?? ''))

  test('a visit booked ahead is reminded of a day before, once on each channel', async () => {
    const visit = await told.book(4, { patientId: testId('Patient', 5), start: nineOn(5) + minutes(60) })
    await told.settle()
    expect((await reminders(visit.id)).map(({ channel, due_at, status }) => [channel, due_at, status])).toEqual([
      ['email', visit.start - DAY, 'due'],
      ['sms', visit.start - DAY, 'due'],
    ])
    await at(visit.start - DAY - 1)
    expect([textsTo(5), remindersTo(5)]).toEqual([[], []])
    await at(visit.start - DAY)
    await told.wait(hours(1))
    expect([textsTo(5).length, remindersTo(5).length]).toEqual([1, 1])
    expect(textsTo(5)[0]?.body).not.toMatch(/Consultation/i)
  })

  test('a visit that is cancelled or moved after it was planned has no reminder of the old time', async () => {
    const base = nineOn(7)
    await at(base - DAY * 2)
    const off = await told.book(0, { patientId: testId('Patient', 6), start: base })
    const moved = await told.book(0, { patientId: testId('Patient', 7), start: base + minutes(30) })
    await told.settle()
    await told.step(off.id, 'cancel', { reason: 'well again', revision: off.revision })
    await told.step(moved.id, 'move', { start: base + DAY, revision: moved.revision })
    await told.settle()
    expect((await reminders(off.id)).map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'outdated'],
      ['skipped', 'outdated'],
    ])
    await at(base - DAY + hours(1))
    expect([...textsTo(6), ...textsTo(7)]).toEqual([])
    await at(base + hours(1))
    expect([textsTo(6).length, textsTo(7).length]).toEqual([0, 1])
  })

  test('a change between the reminder and its sending is seen: it is judged when it is sent', async () => {
    const start = nineOn(12)
    await at(start - DAY * 2)
    const visit = await told.book(0, { patientId: testId('Patient', 8), start })
    await told.settle()
    told.gateway.answer = () => ({ status: 503 })
    told.mailServer.refuseWith(451)
    await at(start - DAY)
    await told.step(visit.id, 'cancel', { reason: 'well again', revision: visit.revision })
    told.gateway.answer = () => 'take'
    told.mailServer.refuseWith(null)
    await told.wait(minutes(30))
    expect(textsTo(8)).toEqual([])
    const rows = (await told.messages()).filter(
      ({ kind, patient_id }) => kind === 'reminder' && patient_id === testId('Patient', 8),
    )
    expect(rows.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'outdated'],
      ['skipped', 'outdated'],
    ])
  })

  test('a visit that goes away from its time and comes back while the message waits is reminded of once', async () => {
    const start = nineOn(13) + hours(2)
    await at(start - DAY * 2)
    const visit = await told.book(0, { patientId: testId('Patient', 18), start })
    await told.settle()
    told.gateway.answer = () => ({ status: 503 })
    told.mailServer.refuseWith(451)
    await at(start - DAY)
    const moved = await told.step(visit.id, 'move', { start: start + hours(3), revision: visit.revision })
    // Tried again in between, the message finds that it is not true any more.
    await told.wait(minutes(30))
    await told.step(visit.id, 'move', { start, revision: moved.revision })
    told.gateway.answer = () => 'take'
    told.mailServer.refuseWith(null)
    await told.wait(minutes(30))
    await told.wait(hours(1))
    expect([textsTo(18).length, remindersTo(18).length]).toEqual([1, 1])
  })

  test('one patient who cannot be reached stops nobody, and it is said why', async () => {
    const start = nineOn(14)
    await at(start - DAY * 2)
    // Patient 1 has neither address nor number.
    await told.book(0, { patientId: testId('Patient', 1), start })
    await told.book(0, { patientId: testId('Patient', 9), start: start + minutes(30) })
    await told.settle()
    await at(start - DAY + hours(1))
    expect(textsTo(9)).toHaveLength(1)
    const lost = (await told.messages()).filter(
      ({ kind, patient_id }) => kind === 'reminder' && patient_id === testId('Patient', 1),
    )
    expect(lost.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'no-address'],
      ['skipped', 'no-address'],
    ])
  })

  test('after an outage of hours what was missed is sent once; after days it is left', async () => {
    const start = nineOn(19)
    await at(start - DAY * 4)
    await told.book(0, { patientId: testId('Patient', 10), start })
    await told.settle()
    await at(start - DAY + hours(7))
    expect(textsTo(10)).toHaveLength(1)
    await told.wait(hours(1))
    expect(textsTo(10)).toHaveLength(1)
  })

  test('two visits of one day are one reminder', async () => {
    const start = nineOn(21)
    await at(start - DAY * 3)
    await told.book(0, { patientId: testId('Patient', 11), start })
    await told.book(0, { patientId: testId('Patient', 11), start: start + hours(4) })
    await told.settle()
    await at(start - DAY)
    const mails = remindersTo(11)
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text).toMatch(/9:00.*1:00/)
    await at(start - DAY + hours(5))
    expect(remindersTo(11)).toHaveLength(1)
  })

  // London sets its clocks back on 25 October 2026.
  test('a day before is a day by the clock on the wall, also over the switch', async () => {
    const monday = Date.parse('2026-10-26T10:00:00Z')
    await at(Date.parse('2026-10-22T09:00:00Z'))
    const visit = await told.book(0, { patientId: testId('Patient', 12), start: monday })
    await told.settle()
    const [row] = await reminders(visit.id)
    expect(row?.due_at).toBe(Date.parse('2026-10-25T10:00:00Z'))
    const over = await told.book(0, { patientId: testId('Patient', 13), start: Date.parse('2026-10-25T10:00:00Z') })
    await told.settle()
    // Ten o'clock by winter time; the day before it is ten by summer time.
    expect((await reminders(over.id))[0]?.due_at).toBe(Date.parse('2026-10-24T09:00:00Z'))
  })

  test('a rule that is changed plans anew, a trial writes nothing, and a rule switched off sends nothing', async () => {
    const start = nineOn(33)
    await at(start - DAY * 6)
    const visit = await told.book(0, { patientId: testId('Patient', 14), start })
    await told.settle()
    const { rules } = (await told.ask('GET', '/api/v1/reminder-rules', 'admin')).body
    const sms = rules.find(({ channel }: { channel: string }) => channel === 'sms')
    const { id, revision, ...body } = { ...sms, leadMinutes: 3 * 24 * 60 }
    const trial = await told.ask('POST', '/api/v1/reminder-rules/dry-run', 'admin', body)
    expect(trial.body.reminders).toContainEqual({
      appointmentId: visit.id,
      start,
      dueAt: start - DAY * 3,
      isReachable: true,
    })
    expect((await reminders(visit.id)).map(({ lead_minutes }) => lead_minutes)).toEqual([1440, 1440])
    const token = await told.server.logIn('admin')
    const headers = { 'if-match': `"${revision}"` }
    const edited = await told.server.request('PATCH', `/api/v1/reminder-rules/${id}`, {
      as: { token },
      headers,
      body: { leadMinutes: 3 * 24 * 60 },
    })
    expect(edited.body.rule).toMatchObject({ leadMinutes: 4320, revision: revision + 1 })
    const stale = await told.server.request('PATCH', `/api/v1/reminder-rules/${id}`, {
      as: { token },
      headers,
      body: { isActive: false },
    })
    expect(stale.status).toBe(412)
    await told.settle()
    // The rule's reminders are planned by the loop of the scheduler, which one more look has ended.
    await told.settle()
    const planned = (await reminders(visit.id)).map(({ status, lead_minutes }) => `${status} ${lead_minutes}`)
    expect(planned.toSorted()).toEqual(['due 1440', 'due 4320', 'skipped 1440'])
  })
})
