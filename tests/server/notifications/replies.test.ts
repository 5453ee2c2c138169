/** Answers by SMS: they act only where number and code name one message, phones are shared, and calls must come from the gateway. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { aTellingClinic, nineOn, PUBLIC_URL, phoneOf, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DAY = hours(24)

describe.each(engines)('answers by SMS on %s', (engine) => {
  let told: TellingClinic
  let count = 0
  beforeAll(async () => {
    told = await aTellingClinic(engine)
  })
  afterAll(() => told.stop())

  const at = async (instant: number) => {
    await told.settle()
    told.server.clock.now = instant
    await told.settle()
  }
  /** Books for a patient on a day, and answers visit and code once the reminder has gone out. */
  const remind = async (day: number, patient: number, slot = 0) => {
    const start = nineOn(day) + hours(slot)
    await at(Math.max(told.server.clock.now, start - DAY * 3))
    const visit = await told.book(0, { patientId: testId('Patient', patient), start })
    await at(start - DAY)
    const row = (await told.messages()).find(
      ({ appointment_id, type, kind }) => appointment_id === visit.id && type === 'sms' && kind === 'reminder',
    )
    return { visit, code: row?.code ?? '', row }
  }
  /** The gateway signs the address people know; the call itself goes to this machine. */
  const call = async (
    path: string,
    fields: Record<string, string>,
    options: { isWrong?: boolean; headers?: Record<string, string>; signed?: Record<string, string> } = {},
  ) => {
    const { signatureOf } = await import('#server/sms/callback-rule.ts')
    const { GATEWAY_TOKEN } = await import('#tests/support/sms-gateway.ts')
    const signature = signatureOf(
      `${PUBLIC_URL}${path}`,
      options.signed ?? fields,
      options.isWrong ? 'another' : GATEWAY_TOKEN,
    )
    return fetch(`${told.server.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signature,
        ...options.headers,
      },
      body: new URLSearchParams(fields),
    })
  }
  const reply = (patient: number, body: string, sid = `SM-in-${++count}`) =>
    call('/api/v1/gateway/sms/replies', { From: phoneOf(patient), Body: body, MessageSid: sid })
  const statusOf = async (id: string) =>
    (await told.ask('GET', `/api/v1/appointments/${id}`, 'receptionist')).body.appointment.status

  test('YES with the code confirms, NO with the code cancels, whoever else uses the phone', async () => {
    const one = await remind(2, 2)
    const other = await remind(2, 3, 1)
    expect(one.code).toMatch(/^\w{4}$/)
    expect(one.row?.recipient).toBe(other.row?.recipient)
    expect((await reply(2, `1 ${one.code}`)).status).toBe(200)
    expect([await statusOf(one.visit.id), await statusOf(other.visit.id)]).toEqual(['confirmed', 'pending'])
  })

  test('a cancellation in time cancels, tells the patient after the undo window, and can be undone till then', async () => {
    const policies = await told.ask('GET', '/api/v1/clinic', 'admin')
    const body = {
      policies: { ...policies.body.clinic.policies, changeCutoffMinutes: 0 },
      revision: policies.body.clinic.revision,
    }
    expect((await told.ask('PATCH', '/api/v1/clinic', 'admin', body)).status).toBe(200)
    const { visit, code } = await remind(5, 4)
    await reply(4, `2 ${code}`)
    expect(await statusOf(visit.id)).toBe('cancelled')
    const now = (await told.ask('GET', `/api/v1/appointments/${visit.id}`, 'receptionist')).body.appointment
    const undone = await told.ask('POST', `/api/v1/appointments/${visit.id}/undo`, 'receptionist', {
      revision: now.revision,
    })
    expect([undone.status, await statusOf(visit.id)]).toEqual([200, 'pending'])
    const texts = told.gateway.sent.length
    await told.wait(hours(1))
    expect(told.gateway.sent.length).toBe(texts)
  })

  test('a reply the gateway brings twice acts once', async () => {
    const { visit, code } = await remind(7, 5)
    for (let time = 0; time < 3; time += 1) expect((await reply(5, `yes ${code}`, 'SM-twice')).status).toBe(200)
    expect(await statusOf(visit.id)).toBe('confirmed')
    const rows = await told.server.database.read((tx) =>
      tx.selectFrom('inbound_messages').selectAll().where('id', '=', 'SM-twice').execute(),
    )
    expect(rows).toMatchObject([{ result: 'confirmed', is_open: 0 }])
  })

  test('what is not plain becomes a task of the desk, and is settled there', async () => {
    const { visit } = await remind(8, 6)
    await reply(6, 'I will be ten minutes late')
    expect(await statusOf(visit.id)).toBe('pending')
    const { replies } = (await told.ask('GET', '/api/v1/message-replies', 'receptionist')).body
    const task = replies.find(({ number }: { number: string }) => number === phoneOf(6))
    expect(task).toMatchObject({ body: 'I will be ten minutes late', result: 'unclear' })
    expect((await told.ask('POST', `/api/v1/message-replies/${task.id}/settle`, 'receptionist')).status).toBe(204)
    expect((await told.ask('POST', `/api/v1/message-replies/${task.id}/settle`, 'receptionist')).status).toBe(404)
    expect((await told.ask('GET', '/api/v1/message-replies', 'patient')).status).toBe(403)
  })

  test('after five wrong codes a number is not listened to for an hour; the code of another number never acts', async () => {
    const { visit, code } = await remind(9, 7)
    const strange = await remind(9, 8, 1)
    await reply(7, `yes ${strange.code}`)
    for (const wrong of ['2222', '3333', '4444', '5555']) await reply(7, `yes ${wrong}`)
    await reply(7, `yes ${code}`)
    expect([await statusOf(visit.id), await statusOf(strange.visit.id)]).toEqual(['pending', 'pending'])
    told.server.clock.now += hours(1) + 1
    await reply(7, `yes ${code}`)
    expect(await statusOf(visit.id)).toBe('confirmed')
  })

  test('STOP ends the texts to a number, START begins them again', async () => {
    await remind(12, 9)
    await reply(9, 'STOP')
    const next = await remind(14, 9)
    expect(next.row).toMatchObject({ status: 'skipped', reason: 'opted-out' })
    await reply(9, 'START')
    expect((await remind(16, 9)).row).toMatchObject({ status: 'sent' })
  })

  test('the gateway’s report of what became of a text is noted; a late or repeated one changes nothing', async () => {
    const { row } = await remind(19, 10)
    const text = told.gateway.sent.at(-1)
    const path = new URL(text?.statusCallback ?? '').pathname
    const report = (status: string) => call(path, { MessageSid: text?.sid ?? '', MessageStatus: status })
    const state = async () => (await told.messages()).find(({ id }) => id === row?.id)?.status
    expect((await report('sent')).status).toBe(204)
    expect(await state()).toBe('sent')
    expect((await report('delivered')).status).toBe(204)
    expect(await state()).toBe('delivered')
    await report('undelivered')
    expect(await state()).toBe('delivered')
    told.server.clock.now += DAY * 8
    expect((await report('delivered')).status).toBe(404)
  })

  test('a call that does not come from the gateway is told nothing and does nothing', async () => {
    const { visit, code } = await remind(30, 11)
    const fields = { From: phoneOf(11), Body: `yes ${code}`, MessageSid: 'SM-forged' }
    const path = '/api/v1/gateway/sms/replies'
    const seconds = Math.floor(told.server.clock.now / 1000)
    const calls = [
      call(path, fields, { isWrong: true }),
      call(path, fields, { signed: { ...fields, Body: 'no' } }),
      call(path, fields, { headers: { 'x-twilio-signature': '' } }),
      call(path, fields, { headers: { 'x-gateway-timestamp': `${seconds - 600}` } }),
      call(`${path}?more=1`, fields, { headers: {} }),
    ]
    const statuses = (await Promise.all(calls.slice(0, 4))).map(({ status }) => status)
    expect(statuses).toEqual([404, 404, 404, 404])
    await Promise.all(calls)
    expect(await statusOf(visit.id)).not.toBe('cancelled')
    const forged = await call('/api/v1/gateway/sms/receipts/made.up.token', {
      MessageSid: 'x',
      MessageStatus: 'delivered',
    })
    expect(forged.status).toBe(404)
  })

  test('a gateway that fails, asks for a pause or hangs: the text waits and is sent once', async () => {
    const answers = [{ status: 500 }, { status: 429, retryAfter: 120 }, 'hang'] as const
    let asked = 0
    told.gateway.answer = () => answers[asked++] ?? 'take'
    const { row } = await remind(33, 12)
    expect(row).toMatchObject({ status: 'pending', reason: 'unreachable' })
    for (let time = 0; time < 6; time += 1) await told.wait(hours(0.3))
    const texts = told.gateway.sent.filter(({ to }) => to === phoneOf(12))
    expect(texts).toHaveLength(1)
    expect((await told.messages()).find(({ id }) => id === row?.id)).toMatchObject({ status: 'sent', attempts: 4 })
    told.gateway.answer = () => ({ status: 400 })
    expect((await remind(35, 13)).row).toMatchObject({ status: 'failed', reason: 'refused' })
    told.gateway.answer = () => 'take'
  })
})
