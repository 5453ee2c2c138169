/**
 * Sends the e-mails that wait in the table: right after the commit that wrote them, and again after a failure, later each time.
 * A mail is handed over at least once; its Message-ID is the row's id, so a second copy is recognised.
 */
import { hours, type Instant, minutes, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import {
  type AccountMailRow,
  claimDueMails,
  deleteAccountMail,
  postponeAccountMail,
} from '#server/repositories/account-mails.ts'
import { type Mail, type Mailer, MailRefused } from './mailer.ts'
import type { Seal } from './seal.ts'

export type MailRelay = {
  /** Something was committed: look soon. */
  kick(): void
  /** Resolves when everything that is due now was tried once. */
  drain(): Promise<void>
  close(): Promise<void>
}

export type MailRelayDeps = {
  readonly database: Database
  readonly mailer: Mailer
  readonly mailSeal: Seal
  readonly now: () => Instant
  /** Kinds and codes only: an address is as personal as a name. */
  readonly log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
}

const AT_ONCE = 10
/** Longer than a mail server takes to answer; a sender that dies in between leaves its mails to the next look. */
const LEASE_MS = minutes(5)
const FIRST_PAUSE_MS = seconds(10)
const LONGEST_PAUSE_MS = hours(1)
const LOOK_EVERY_MS = seconds(15)

/** How long after the given number of failures a mail is tried again. */
export const pauseAfter = (attempts: number): number => Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS)

export function createMailRelay(deps: MailRelayDeps): MailRelay {
  let working: Promise<void> | undefined
  let isClosed = false
  const look = (): Promise<void> => {
    working ??= sendDue(deps)
      .catch((error: unknown) => deps.log.error({ err: error }, 'waiting e-mails could not be read'))
      .finally(() => {
        working = undefined
      })
    return working
  }
  const kick = () => {
    if (!isClosed) void look()
  }
  const timer = setInterval(kick, LOOK_EVERY_MS)
  timer.unref()
  return {
    kick,
    drain: async () => {
      // A look under way may have begun before the last commit.
      await working
      await look()
    },
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await working
      await deps.mailer.close()
    },
  }
}

async function sendDue(deps: MailRelayDeps): Promise<void> {
  for (;;) {
    const now = deps.now()
    const claim = { now, leaseEndsAt: now + LEASE_MS, limit: AT_ONCE }
    const rows = await deps.database.write((tx) => claimDueMails(tx, claim))
    await Promise.all(rows.map((row) => sendOne(deps, row)))
    if (rows.length < AT_ONCE) return
  }
}

async function sendOne({ database, mailer, mailSeal, now, log }: MailRelayDeps, row: AccountMailRow): Promise<void> {
  const drop = () => database.write((tx) => deleteAccountMail(tx, row.id))
  const mail = openMail(mailSeal, row)
  if (mail === 'for-nobody') return drop()
  if (mail === 'unreadable' || row.expires_at <= now()) {
    log.warn({ kind: row.kind, reason: mail === 'unreadable' ? mail : 'expired' }, 'an e-mail was given up')
    return drop()
  }
  try {
    await mailer.send(mail)
  } catch (error) {
    if (error instanceof MailRefused) {
      log.warn({ kind: row.kind, reason: 'refused', err: error }, 'an e-mail was given up')
      return drop()
    }
    const attempts = row.attempts + 1
    log.warn({ kind: row.kind, attempts, err: error }, 'an e-mail could not be sent yet')
    return database.write((tx) => postponeAccountMail(tx, row.id, { attempts, nextAt: now() + pauseAfter(attempts) }))
  }
  await drop()
}

function openMail(seal: Seal, row: AccountMailRow): Mail | 'unreadable' | 'for-nobody' {
  const text = seal.open(row.sealed, row.id)
  if (text === null) return 'unreadable'
  const { to, ...rest } = JSON.parse(text) as Omit<Mail, 'to' | 'id'> & { to: Mail['to'] | null }
  return to === null ? 'for-nobody' : { id: row.id, to, ...rest }
}
