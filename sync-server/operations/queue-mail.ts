/** Writes an e-mail into the transaction of what it tells about; it is sent after COMMIT, and again until it arrives. */
import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { insertAccountMail } from '#server/repositories/account-mails.ts'
import { type MailKind, type MailValues, mailText } from './mail-texts.ts'
import type { Seal } from './seal.ts'

export type QueueMailDeps = { readonly newId: <Kind extends string>() => Id<Kind>; readonly mailSeal: Seal }

export type QueuedMail = {
  readonly kind: MailKind
  /** null leaves a row that is dropped unsent: the same work where there is nobody to write to. */
  readonly to: { readonly name: string; readonly address: string } | null
  readonly values: MailValues
  readonly now: Instant
  readonly expiresAt: Instant
}

export async function queueMail({ newId, mailSeal }: QueueMailDeps, tx: Tx, mail: QueuedMail): Promise<void> {
  const { kind, to, values, now, expiresAt } = mail
  const id = newId<'Mail'>()
  const sealed = mailSeal.close(JSON.stringify({ to, ...mailText(kind, values) }), id)
  await insertAccountMail(tx, { id, kind, sealed, attempts: 0, next_at: now, expires_at: expiresAt, created_at: now })
}
