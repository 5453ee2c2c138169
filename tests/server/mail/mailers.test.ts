/** The two carriers of e-mail: SMTP against a real server, and the mailbox of a server without one. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mailIdentity } from '#server/mail/mail-message.ts'
import { createMailboxMailer } from '#server/mail/mailbox-mailer.ts'
import { createSmtpMailer } from '#server/mail/smtp-mailer.ts'
import { type Mailer, MailRefused } from '#server/operations/mailer.ts'
import { aMailServer, type MailServer } from '#tests/support/mail-server.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

const MAIL = {
  id: '01900000-0000-7000-8000-000000000001',
  to: { name: 'Zoë "Z" Łukasz, Jr.', address: 'zoe@clinic.test' },
  subject: 'Grüße — Zażółć',
  text: 'A line\n\nhttps://clinic.test/account#secret\n',
}

describe('SMTP', () => {
  let mailServer: MailServer
  let mailer: Mailer
  beforeAll(async () => {
    mailServer = await aMailServer()
    const url = `${mailServer.url}?from=desk@clinic.test`
    mailer = createSmtpMailer(url, mailIdentity('https://clinic.test', url))
  })
  afterEach(() => mailServer.refuseWith(null))
  afterAll(async () => {
    await mailer.close()
    await mailServer.stop()
  })

  test('carries a mail as it is, with a Message-ID that stays the same for every try', async () => {
    await mailer.send(MAIL)
    await mailer.send(MAIL)
    const [first, second] = mailServer.received
    expect(first).toMatchObject({ subject: MAIL.subject, messageId: `<${MAIL.id}@clinic.test>` })
    expect(first?.text?.trim()).toBe(MAIL.text.trim())
    expect(first?.from?.value[0]?.address).toBe('desk@clinic.test')
    expect(first?.to).toMatchObject({ value: [MAIL.to] })
    expect(first?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(second?.messageId).toBe(first?.messageId)
  })

  test('an address that the server will never take is refused for good, a busy server is not', async () => {
    mailServer.refuseWith(550)
    await expect(mailer.send(MAIL)).rejects.toBeInstanceOf(MailRefused)
    mailServer.refuseWith(451)
    await expect(mailer.send(MAIL)).rejects.not.toBeInstanceOf(MailRefused)
  })

  test('a name cannot add a header or a recipient', async () => {
    const before = mailServer.received.length
    const name = 'Eve\r\nBcc: all@clinic.test'
    await mailer.send({ ...MAIL, subject: 'Hello\r\nX-Evil: 1', to: { name, address: 'eve@clinic.test' } })
    const mail = mailServer.received[before]
    expect(mail?.headers.has('x-evil')).toBe(false)
    expect(mail?.bcc).toBeUndefined()
  })
})

describe('the mailbox', () => {
  test('keeps each mail as a file that its owner alone can read', async () => {
    const folder = join(temporaryFolder('mail'), 'mail')
    const mailer = createMailboxMailer(folder, mailIdentity(null, null))
    await mailer.send(MAIL)
    await mailer.send(MAIL)
    expect(readdirSync(folder)).toEqual([`${MAIL.id}.eml`])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const file = join(folder, `${MAIL.id}.eml`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const mail = await simpleParser(readFileSync(file))
    expect(mail).toMatchObject({ subject: MAIL.subject, messageId: `<${MAIL.id}@localhost>` })
    expect(mail.text).toContain('https://clinic.test/account#secret')
  })
})
