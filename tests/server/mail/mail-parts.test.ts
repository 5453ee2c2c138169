/** What a mail may carry beside its text: a page, an entry for the calendar, and how to get no more of them. */
import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invitationText, withdrawalText } from '#domain/calendar/invitation.ts'
import { htmlOfText } from '#domain/message/html-of-text.ts'
import { mailIdentity } from '#server/mail/mail-message.ts'
import { createSmtpMailer } from '#server/mail/smtp-mailer.ts'
import type { Mail, Mailer } from '#server/operations/mailer.ts'
import { anAppointment } from '#tests/support/builders.ts'
import { aMailServer, type MailServer } from '#tests/support/mail-server.ts'

const TEXT = 'Grüße, Łukasz\n\nhttps://clinic.test/v/1?a=1&b=2\n'
const MAIL: Mail = {
  id: '01900000-0000-7000-8000-000000000009',
  to: { name: 'Łukasz', address: 'lukasz@clinic.test' },
  subject: 'Termin',
  text: TEXT,
}
const invitation = {
  visit: anAppointment({ status: 'confirmed' }),
  organizer: { name: 'Clinic', address: 'desk@clinic.test' },
  attendee: { name: 'Łukasz', address: 'lukasz@clinic.test' },
  summary: 'Zażółć, Clinic',
  place: 'Mill Lane',
  now: 0,
}

let mailServer: MailServer
let mailer: Mailer
beforeAll(async () => {
  mailServer = await aMailServer()
  mailer = createSmtpMailer(mailServer.url, mailIdentity('https://clinic.test', mailServer.url))
})
afterAll(async () => {
  await mailer.close()
  await mailServer.stop()
})

async function sent(part: Partial<Mail>) {
  const before = mailServer.received.length
  await mailer.send({ ...MAIL, ...part })
  const mail = mailServer.received[before]
  if (!mail) throw new Error('nothing arrived')
  return mail
}

test('text and page arrive side by side', async () => {
  const html = htmlOfText(TEXT, { language: 'de', title: 'Termin' })
  const mail = await sent({ html })
  expect(mail.text?.trim()).toBe(TEXT.trim())
  expect(mail.html).toBe(html)
  expect(mail.messageId).toBe(`<${MAIL.id}@clinic.test>`)
  expect(mail.attachments).toEqual([])
})

describe('an entry for the calendar', () => {
  test.each([
    ['REQUEST', invitationText],
    ['CANCEL', withdrawalText],
  ] as const)('of the method %s arrives as a part of that method and as a file', async (method, write) => {
    const text = write(invitation)
    const mail = await sent({ calendar: { method, text }, html: '<p>x</p>' })
    const types = mail.attachments.map(({ contentType }) => contentType)
    expect(types).toEqual(expect.arrayContaining(['text/calendar', 'application/ics']))
    for (const { content, contentType, filename } of mail.attachments) {
      expect(content.toString('utf8')).toBe(text)
      if (contentType === 'application/ics') expect(filename).toBe('invite.ics')
      expect(new ICAL.Component(ICAL.parse(content.toString('utf8'))).getFirstPropertyValue('method')).toBe(method)
    }
    expect(mail.text?.trim()).toBe(TEXT.trim())
    // The part names its method, without which calendars show a file and no more (RFC 6047, section 2.4).
    const [raw] = mailServer.raw.slice(-1)
    expect(raw).toMatch(new RegExp(`content-type: text/calendar;\\s+charset=utf-8;\\s+method=${method}`, 'i'))
  })
})

test('one click ends a list, and the mail is still marked as written by a program', async () => {
  const mail = await sent({
    headers: {
      'List-Unsubscribe': '<https://clinic.test/stop/abc>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  })
  expect(mail.headers.get('list')).toMatchObject({ unsubscribe: { url: 'https://clinic.test/stop/abc' } })
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
  const plain = await sent({})
  expect(plain.headers.has('list')).toBe(false)
})
