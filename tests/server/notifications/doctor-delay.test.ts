// A doctor who runs late: said once, seen by every desk, and told to the patients still to come, once for each figure.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { DELAY_UNDO_MS } from '#domain/schedule/doctor-delay.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aTellingClinic, emailOf, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

/** Of the fixture's doctor account. */
const OWN = testId('Doctor', 1)
const OTHER = testId('Doctor', 2)
const TODAY = '2026-10-14'

describe.each(engines)('a late doctor on %s', (engine) => {
  let clinic: TellingClinic
  const wires: WireClient[] = []
  beforeAll(async () => {
    clinic = await aTellingClinic(engine)
    clinic.server.clock.now = NINE_O_CLOCK - minutes(30)
  })
  afterAll(async () => {
    for (const wire of wires) wire.close()
    await clinic.stop()
  })

  const say = (late: number, role: ShippedRole = 'receptionist', doctorId = OTHER) =>
    clinic.ask('PUT', `/api/v1/doctors/${doctorId}/delay`, role, { minutes: late })
  const tell = (late: number, role: ShippedRole = 'receptionist') =>
    clinic.ask('POST', `/api/v1/doctors/${OTHER}/delay/messages`, role, { minutes: late })
  const takeBack = (batchId: string, role: ShippedRole = 'receptionist') =>
    clinic.ask('DELETE', `/api/v1/doctors/${OTHER}/delay/messages/${batchId}`, role)
  const shown = async (role: ShippedRole = 'receptionist') =>
    ((await clinic.ask('GET', '/api/v1/delays', role)).body.delays as { doctorId: string; minutes: number }[]).map(
      ({ doctorId, minutes: late }) => [doctorId, late],
    )
  /** The words about a delay that were mailed, by patient. */
  const mailed = () =>
    clinic
      .mails()
      .filter(({ subject }) => subject?.includes('running late'))
      .map(({ to, text }) => [[to].flat()[0]?.value[0]?.address, /about (\d+) minutes late/.exec(text ?? '')?.[1]])
  const audited = (action: string) =>
    clinic.server.database.read((tx) =>
      tx.selectFrom('audit_log').select(['document_ids', 'detail', 'user_id']).where('action', '=', action).execute(),
    )

  test('says so for themselves, the desk for everybody, a patient for nobody', async () => {
    expect((await say(10, 'doctor', OWN)).body.delay).toMatchObject({
      doctorId: OWN,
      day: TODAY,
      minutes: 10,
      told: [],
    })
    expect((await say(10, 'doctor', OTHER)).status).toBe(403)
    expect((await say(10, 'patient', OWN)).status).toBe(403)
    expect((await say(20)).status).toBe(200)
    expect((await say(241)).status).toBe(400)
    expect((await say(10, 'admin', testId('Doctor', 999))).status).toBe(404)
  })

  test('is seen by whoever sees the visits', async () => {
    const both = [
      [OWN, 10],
      [OTHER, 20],
    ]
    expect(await shown()).toEqual(both)
    expect(await shown('admin')).toEqual(both)
    expect(await shown('doctor')).toEqual([[OWN, 10]])
    expect(await shown('patient')).toEqual([])
  })

  test('is one row in the audit for each change, and none for the same figure again', async () => {
    const before = (await audited('delay-set')).length
    await say(20)
    expect(await audited('delay-set')).toHaveLength(before)
    await say(30)
    const rows = await audited('delay-set')
    expect(rows).toHaveLength(before + 1)
    expect(rows.map(({ detail }) => JSON.parse(detail).minutes)).toContain(30)
    await say(20)
  })

  test('is told to the sockets of the desks and of the doctor, not to patients', async () => {
    const listen = async (role: ShippedRole) => {
      const wire = await openWire(`${clinic.server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
      wires.push(wire)
      const authorization = `Bearer ${await clinic.server.logIn(role)}`
      wire.send({ id: 'hello', collection: '', method: 'auth', params: [{ authorization }] })
      wire.send({ id: 'stream', collection: 'delays', method: 'masterChangeStream$', params: [] })
      await wire.ask('rooms', 'masterChangesSince', [null, 1])
      return () => wire.received.filter(({ id, collection }) => id === 'stream' && collection === 'delays').length
    }
    const [desk, doctor, patient] = [await listen('admin'), await listen('doctor'), await listen('patient')]
    await say(30, 'doctor', OWN)
    await expect.poll(desk).toBe(1)
    await expect.poll(doctor).toBe(1)
    await say(30)
    await expect.poll(desk).toBe(2)
    expect([doctor(), patient()]).toEqual([1, 0])
    await say(20)
  })

  test('and tells nobody what was taken back in time, and nothing before that time is over', async () => {
    await clinic.book(4, { patientId: testId('Patient', 2) })
    await clinic.book(8, { patientId: testId('Patient', 4) })
    await clinic.wait(minutes(5))
    expect((await tell(10)).status).toBe(412)
    const first = await tell(20)
    expect(first.body).toMatchObject({ count: 2 })
    await clinic.wait(DELAY_UNDO_MS - 1_000)
    expect(mailed()).toEqual([])
    expect((await takeBack(first.body.batchId, 'patient')).status).toBe(403)
    expect((await takeBack(first.body.batchId)).status).toBe(204)
    await clinic.wait(minutes(5))
    expect(mailed()).toEqual([])
    expect((await takeBack(first.body.batchId)).status).toBe(410)
  })

  test('is told to each patient still to come, in words without the reason of the visit', async () => {
    const told = await tell(20)
    expect(told.body.count).toBe(2)
    expect(told.body.delay.told).toHaveLength(2)
    await clinic.wait(DELAY_UNDO_MS)
    expect(mailed().toSorted()).toEqual([
      [emailOf(2), '20'],
      [emailOf(4), '20'],
    ])
    expect((await takeBack(told.body.batchId)).status).toBe(410)
    expect(clinic.gateway.sent.filter(({ body }) => body.includes('running about 20 min late'))).toHaveLength(2)
  })

  test('is told again only to those who have not heard that figure', async () => {
    expect((await tell(20)).body.count).toBe(0)
    const late = await clinic.book(12, { patientId: testId('Patient', 5) })
    expect((await tell(20)).body.count).toBe(1)
    await clinic.wait(DELAY_UNDO_MS)
    expect(mailed().filter(([who]) => who === emailOf(5))).toEqual([[emailOf(5), '20']])
    await say(30)
    await clinic.step(late.id, 'cancel', { revision: late.revision, reason: 'x' })
    expect((await tell(30)).body.count).toBe(2)
    await clinic.wait(DELAY_UNDO_MS)
    expect(mailed().filter(([, figure]) => figure === '30')).toHaveLength(2)
  })

  test('is told to nobody who came, or whose doctor is on time again, before it leaves', async () => {
    const [came, waits] = [await clinic.book(16, { patientId: testId('Patient', 6) }), 17]
    await clinic.book(waits, { patientId: testId('Patient', 7) })
    expect((await tell(30)).body.count).toBe(2)
    await clinic.step(came.id, 'status', { revision: came.revision, step: 'arrive' })
    await say(0)
    const before = mailed().length
    await clinic.wait(DELAY_UNDO_MS)
    expect(mailed()).toHaveLength(before)
    expect(await shown()).toContainEqual([OTHER, 0])
  })

  test('of two figures ordered at once hears the later one', async () => {
    await clinic.book(20, { patientId: testId('Patient', 8) })
    await say(40)
    await tell(40)
    await say(50)
    await tell(50)
    await clinic.wait(DELAY_UNDO_MS)
    expect(mailed().filter(([who]) => who === emailOf(8))).toEqual([[emailOf(8), '50']])
  })

  test('is on time again the next day without a word', async () => {
    clinic.server.clock.now += hours(24)
    expect(await shown()).toEqual([])
  })
})
