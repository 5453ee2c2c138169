/** E-mails leave after the commit that wrote them, once, and again after a failure. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hours, type Instant, minutes, seconds } from '#domain/time/instant.ts'
import { type Database, openDatabase } from '#server/database/database.ts'
import { createMailRelay, type MailRelay, pauseAfter } from '#server/operations/mail-relay.ts'
import { mailText } from '#server/operations/mail-texts.ts'
import { type Mail, type Mailer, MailRefused } from '#server/operations/mailer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import { createSeal } from '#server/operations/seal.ts'
import { FIXTURE_NOW } from '#tests/support/fixture-clinic.ts'
import { aDatabase, engines, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'

const mailSeal = createSeal('a secret of the tests, 32 characters long', 'mail')
const to = { name: 'Pat', address: 'pat@clinic.test' }
const values = { clinic: 'Fixture Clinic', link: 'https://clinic.test/account#the-secret', minutes: 10 }

describe.each(engines)('waiting e-mails on %s', (engine) => {
  let throwAway: ThrowAwayDatabase
  let database: Database
  let relay: MailRelay
  const clock = { now: FIXTURE_NOW }
  const warnings: object[] = []
  const sent: Mail[] = []
  let failWith: Error | null = null
  const mailer: Mailer = {
    send: async (mail) => {
      if (failWith) throw failWith
      sent.push(mail)
    },
    close: async () => undefined,
  }
  const newId = newIdSource(() => clock.now)
  const log = {
    warn: (fields: object) => void warnings.push(fields),
    error: (fields: object) => void warnings.push(fields),
  }

  beforeAll(async () => {
    throwAway = await aDatabase(engine)
    database = openDatabase({ url: throwAway.url })
    relay = createMailRelay({ database, mailer, mailSeal, now: () => clock.now, log })
  })
  beforeEach(async () => {
    sent.length = 0
    warnings.length = 0
    failWith = null
    await database.write((tx) => tx.deleteFrom('account_mails').execute())
  })
  afterAll(async () => {
    await relay.close()
    await database.close()
    await throwAway.drop()
  })

  const queue = (expiresAt: Instant = clock.now + hours(24), recipient: Mail['to'] | null = to) =>
    database.write((tx) =>
      queueMail({ newId, mailSeal }, tx, { kind: 'password-reset', to: recipient, values, now: clock.now, expiresAt }),
    )
  const waiting = () => database.read((tx) => tx.selectFrom('account_mails').selectAll().execute())

  test('a mail is sent once, and nothing of it stays', async () => {
    await queue()
    await relay.drain()
    await relay.drain()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ to, ...mailText('password-reset', values) })
    expect(await waiting()).toEqual([])
  })

  test('neither the link nor the recipient can be read in the table', async () => {
    await queue()
    const rows = JSON.stringify(await waiting())
    expect(rows).not.toContain('the-secret')
    expect(rows).not.toContain(to.address)
  })

  test('what is rolled back is never sent', async () => {
    const mail = { kind: 'password-reset', to, values, now: clock.now, expiresAt: clock.now + hours(1) } as const
    await expect(
      database.write(async (tx) => {
        await queueMail({ newId, mailSeal }, tx, mail)
        throw new Error('the operation failed')
      }),
    ).rejects.toThrow('the operation failed')
    await relay.drain()
    expect(sent).toEqual([])
  })

  test('a failure is tried again later each time, with the same Message-ID, until it works', async () => {
    await queue()
    failWith = new Error('connection refused')
    await relay.drain()
    const [row] = await waiting()
    expect(row).toMatchObject({ attempts: 1, next_at: clock.now + seconds(10) })
    failWith = null
    await relay.drain()
    expect(sent).toEqual([])
    clock.now += seconds(10)
    await relay.drain()
    expect(sent.map(({ id }) => id)).toEqual([row?.id])
    expect([1, 2, 3, 20].map(pauseAfter)).toEqual([seconds(10), seconds(20), seconds(40), hours(1)])
  })

  test('a sender that died leaves its mails to the next one when its lease has ended', async () => {
    await queue()
    await database.write((tx) =>
      tx
        .updateTable('account_mails')
        .set({ next_at: clock.now + minutes(5) })
        .execute(),
    )
    await relay.drain()
    expect(sent).toEqual([])
    clock.now += minutes(5)
    await relay.drain()
    expect(sent).toHaveLength(1)
  })

  test.each<[string, () => Promise<void>]>([
    [
      'a refused address',
      async () => {
        failWith = new MailRefused('SMTP 550')
        await queue()
      },
    ],
    ['a link that has expired', () => queue(clock.now)],
    [
      'a text sealed with another key',
      async () => {
        await queue()
        await database.write((tx) => tx.updateTable('account_mails').set({ sealed: 'AAAA' }).execute())
      },
    ],
  ])('%s is given up and logged without the address', async (_, prepare) => {
    await prepare()
    await relay.drain()
    expect(await waiting()).toEqual([])
    expect(sent).toEqual([])
    expect(warnings).toMatchObject([{ kind: 'password-reset' }])
    expect(JSON.stringify(warnings)).not.toContain(to.address)
  })

  test('a row for nobody is dropped without a word', async () => {
    await queue(clock.now + hours(1), null)
    await relay.drain()
    expect([sent, warnings, await waiting()]).toEqual([[], [], []])
  })

  test('more mails than one look takes are all sent, by two senders at once each once', async () => {
    for (let count = 0; count < 23; count += 1) await queue()
    const other = createMailRelay({ database, mailer, mailSeal, now: () => clock.now, log })
    await Promise.all([relay.drain(), other.drain()])
    await other.close()
    expect(new Set(sent.map(({ id }) => id)).size).toBe(23)
    expect(sent).toHaveLength(23)
  })
})
