/** Mails that come back after the mail server took them: told by that server, signed, through the program it runs. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes, seconds } from '#domain/time/instant.ts'
import { signBounce } from '#server/mail/bounce-rule.ts'
import { BOUNCE_PATH } from '#server/routes/bounce-routes.ts'
import { aBounce } from '#tests/support/bounce.ts'
import { SECRET_KEY } from '#tests/support/server-under-test.ts'
import { aTellingClinic, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('bounces on %s', (engine) => {
  let told: TellingClinic
  let slot = 0
  beforeAll(async () => {
    told = await aTellingClinic(engine)
  })
  afterAll(() => told.stop())

  /** Books a visit and answers the id of the e-mail that went out about it. */
  const mailed = async (): Promise<string> => {
    const visit = await told.book(slot++)
    await told.wait(minutes(4))
    const row = (await told.messages()).find(
      ({ appointment_id, type }) => appointment_id === visit.id && type === 'email',
    )
    expect(row?.status).toBe('sent')
    return row?.id ?? ''
  }
  const statusOf = async (id: string) => {
    const row = (await told.messages()).find((each) => each.id === id)
    return [row?.status, row?.reason]
  }
  const tell = async (body: string, change: { key?: string; now?: number; sent?: string } = {}) => {
    const { key = SECRET_KEY, now = told.server.clock.now, sent = body } = change
    const { id, timestamp, signature } = signBounce(key, { id: 'one', body, now })
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
    const type = { 'content-type': 'message/rfc822' }
    return fetch(`${told.server.url}${BOUNCE_PATH}`, { method: 'POST', headers: { ...headers, ...type }, body: sent })
  }

  test('a mail that came back stands as failed, however often it is told; the visit stays as it is', async () => {
    const id = await mailed()
    for (const _ of [1, 2]) expect((await tell(aBounce(id))).status).toBe(204)
    expect(await statusOf(id)).toEqual(['failed', 'undeliverable'])
  })

  test('a mail that is only late stays sent, and one that arrived is delivered', async () => {
    const id = await mailed()
    await tell(aBounce(id, { action: 'delayed', status: '4.4.1' }))
    expect(await statusOf(id)).toEqual(['sent', ''])
    await tell(aBounce(id, { action: 'delivered', status: '2.0.0' }))
    expect(await statusOf(id)).toEqual(['delivered', ''])
  })

  test('what is not signed by our mail server, now, over this very text, is told nothing and changes nothing', async () => {
    const id = await mailed()
    const late = told.server.clock.now - minutes(6)
    const answers = await Promise.all([
      tell(aBounce(id), { key: 'another secret of thirty-two characters' }),
      tell(aBounce(id), { now: late }),
      tell(aBounce('another'), { sent: aBounce(id) }),
      told.server.request('POST', BOUNCE_PATH, { headers: { 'content-type': 'message/rfc822' }, body: aBounce(id) }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(await statusOf(id)).toEqual(['sent', ''])
  })

  test('any other mail, and one about a mail that is not ours, is taken and left alone', async () => {
    expect((await tell(aBounce('no-such-mail'))).status).toBe(204)
    expect((await tell('Subject: thank you\r\n\r\nSee you on Monday')).status).toBe(204)
  })

  test('the program that a mail server runs passes it on; without a server it asks to be run again', async () => {
    const id = await mailed()
    told.server.clock.now = Date.now()
    expect(await forward(told.server.url, aBounce(id))).toEqual({ code: 0, said: '' })
    expect(await statusOf(id)).toEqual(['failed', 'undeliverable'])
    expect(await forward('http://127.0.0.1:9', aBounce(id))).toEqual({ code: 75, said: 'The server did not answer.\n' })
    told.server.clock.now += seconds(1)
  })
})

async function forward(url: string, body: string): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, PUBLIC_URL: url, SECRET_KEY }
  const child = spawn(process.execPath, ['sync-server/forward-bounce.ts'], { env, stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(body)
  const said = await text(child.stderr)
  return { code: await new Promise((resolve) => child.once('close', resolve)), said }
}
