import type { Mail } from '#server/operations/mailer.ts'

/** Who the server writes as. */
export type MailIdentity = {
  readonly from: string
  /** The part of a Message-ID after the at sign. */
  readonly domain: string
}

/**
 * The identity of a server that people know by an address; without one it is a server for this machine alone.
 * @param smtpUrl may name the sender itself: `smtp://host?from=clinic@example.org`
 */
export function mailIdentity(publicUrl: string | null, smtpUrl: string | null): MailIdentity {
  const domain = publicUrl === null ? 'localhost' : new URL(publicUrl).hostname
  const from = smtpUrl === null ? null : new URL(smtpUrl).searchParams.get('from')
  return { from: from || `no-reply@${domain}`, domain }
}

/** The mail in nodemailer's words. The headers say that a program wrote it, so that no program answers (RFC 3834). */
export const toMessage = (mail: Mail, { from, domain }: MailIdentity) => ({
  from,
  to: { name: mail.to.name, address: mail.to.address },
  subject: mail.subject,
  text: mail.text,
  ...(mail.html !== undefined && { html: mail.html }),
  // An alternative part for programs that know calendars, and a file for the others (RFC 6047, section 2.4).
  ...(mail.calendar && {
    icalEvent: { method: mail.calendar.method, filename: 'invite.ics', content: mail.calendar.text },
  }),
  messageId: `<${mail.id}@${domain}>`,
  headers: { ...mail.headers, 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
})
