/** The mailbox of a server without SMTP_URL: each mail is a file that any mail program opens. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Mailer } from '#server/operations/mailer.ts'
import { type MailIdentity, toMessage } from './mail-message.ts'

/** @param folder is made with the first mail; folder and files are for this user alone: they hold links that let somebody in */
export function createMailboxMailer(folder: string, identity: MailIdentity): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    async send(mail) {
      const { message } = await transport.sendMail(toMessage(mail, identity))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = join(folder, `${mail.id}.eml`)
      await writeFile(file, message as Buffer, { mode: 0o600 })
      await chmod(file, 0o600)
    },
    close: async () => transport.close(),
  }
}
