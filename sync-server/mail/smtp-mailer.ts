import { createTransport } from 'nodemailer'
import { type Mailer, MailRefused } from '#server/operations/mailer.ts'
import { isLoopbackHost } from '#server/settings.ts'
import { type MailIdentity, toMessage } from './mail-message.ts'

const PATIENCE_MS = 20_000
/** Replies that no later try changes (RFC 5321, section 4.2.1), but for those about the server's own state or our log-in. */
const isFinal = (code: unknown): boolean =>
  typeof code === 'number' && code >= 550 && code < 560 && code !== 552 && code !== 554

/**
 * Hands mails to an SMTP server. Beyond this machine the line must be encrypted: without STARTTLS nothing is sent.
 * @param url `smtp://` or `smtps://`, with user and password where the server wants them
 */
export function createSmtpMailer(url: string, identity: MailIdentity): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isSecure = protocol === 'smtps:'
  const transport = createTransport({
    pool: true,
    maxConnections: 2,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isSecure ? 465 : 587),
    secure: isSecure,
    requireTLS: !isSecure && !isLoopbackHost(hostname),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: !isLoopbackHost(hostname) },
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(mail) {
      try {
        await transport.sendMail(toMessage(mail, identity))
      } catch (error) {
        const { responseCode, command } = error as { responseCode?: unknown; command?: unknown }
        const isAboutRecipient = command === 'RCPT TO' || command === 'DATA'
        // The reply repeats the address, so it is not kept.
        if (isAboutRecipient && isFinal(responseCode)) throw new MailRefused(`SMTP ${String(responseCode)}`)
        throw error
      }
    },
    close: async () => transport.close(),
  }
}
