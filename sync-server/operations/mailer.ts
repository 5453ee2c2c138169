/** The port for e-mail: what a mail is, and who carries it. SMTP and the development mailbox stand in `sync-server/mail`. */

export type Mail = {
  /** Stable: the same for every try, so that a mail that arrives twice is recognised as one (RFC 5322, section 3.6.4). */
  readonly id: string
  readonly to: { readonly name: string; readonly address: string }
  readonly subject: string
  readonly text: string
  /** The same words as a page; a mail program shows the one it can. */
  readonly html?: string
  /** An entry for the recipient's calendar, by `invitationText` or `withdrawalText`; goes along as `invite.ics` too. */
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly text: string }
  readonly headers?: MailHeaders
}

/** What a mail may say to mail programs beyond the usual (RFC 2369, RFC 8058). */
export type MailHeaders = {
  /** Addresses in angle brackets. */
  readonly 'List-Unsubscribe'?: string
  readonly 'List-Unsubscribe-Post'?: 'List-Unsubscribe=One-Click'
}

export type Mailer = {
  /** Resolves when the mail was handed over. @throws MailRefused when no later try can help; anything else is tried again. */
  send(mail: Mail): Promise<void>
  close(): Promise<void>
}

/** The recipient's server will never take this mail: an address that does not exist, for example. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}
