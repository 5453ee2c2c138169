/**
 * Which waiting messages are sent now. Messages of visits to one person on one channel are looked at together, once the last of
 * them has waited out the undo window: so what was taken back leaves nothing, and what changed twice is told once.
 */

import { KIND_RULES } from '#domain/message/message-kinds.ts'
import { isQuiet, nextAllowed } from '#domain/message/quiet-hours.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { getClinic, getPolicies } from '#server/repositories/clinic-rows.ts'
import {
  changeNotifications,
  claimDueNotifications,
  listPendingOf,
  type NotificationRow,
} from '#server/repositories/notifications.ts'
import type { NotificationDeps } from './notification-deps.ts'

/** Messages to one person on one channel, to be told as one or several; in the order in which they came. */
export type Parcel = { readonly rows: readonly [NotificationRow, ...NotificationRow[]] }

const AT_ONCE = 40
/** Longer than sending takes; a sender that dies in between leaves its messages to the next look. */
const LEASE_MS = minutes(2)
/** However long somebody goes on changing visits: then it is told as it is. */
const LONGEST_WAIT_MS = minutes(10)

/** Takes what is due; until the lease ends no other sender does. */
export function claimParcels({ database, now }: Pick<NotificationDeps, 'database' | 'now'>): Promise<Parcel[]> {
  return database.write(async (tx) => {
    const at = now()
    const parcels: Parcel[] = []
    const taken = new Set<string>()
    for (const row of await claimDueNotifications(tx, at, AT_ONCE)) {
      if (taken.has(row.id)) continue
      const rows = await together(tx, row, taken)
      for (const { id } of rows) taken.add(id)
      const later = (await restUntil(tx, row, at)) ?? waitsFor(rows, at)
      const ids = rows.map(({ id }) => id)
      await changeNotifications(tx, ids, { next_at: later ?? at + LEASE_MS })
      const [first, ...others] = rows
      if (later === undefined && first) parcels.push({ rows: [first, ...others] })
    }
    return parcels
  })
}

/** A message with all others of its company that wait for the same person and channel. */
async function together(tx: Tx, row: NotificationRow, taken: ReadonlySet<string>): Promise<NotificationRow[]> {
  const kind = companyOf(row)
  if (kind === null) return [row]
  const others = await listPendingOf(tx, { recipientKey: row.recipient_key, type: row.type })
  return others.filter(
    (other) => companyOf(other) === kind && other.clinic_id === row.clinic_id && !taken.has(other.id),
  )
}

/** What is looked at together; null stands alone. */
const companyOf = (row: NotificationRow): 'news' | 'reminders' | null =>
  isNews(row) ? 'news' : row.kind === 'reminder' ? 'reminders' : null

/** Told of a visit that has changed. */
export const isNews = ({ kind }: NotificationRow): boolean => KIND_RULES[kind].isDelayed || kind === 'unplaced'

/** The last of them decides, within limits. */
function waitsFor(rows: readonly NotificationRow[], at: Instant): Instant | undefined {
  const latest = Math.max(...rows.map(({ next_at }) => next_at))
  const oldest = Math.min(...rows.map(({ created_at }) => created_at))
  return latest > at && at - oldest < LONGEST_WAIT_MS ? latest : undefined
}

/** The end of the quiet hours, for what would disturb somebody in them. */
async function restUntil(tx: Tx, row: NotificationRow, at: Instant): Promise<Instant | undefined> {
  if (row.type === 'websocket' || !KIND_RULES[row.kind].keepsQuietHours) return undefined
  const { zone } = await getClinic(tx, row.clinic_id)
  const { quietFrom: from, quietUntil: until } = await getPolicies(tx, row.clinic_id)
  return isQuiet(at, { from, until }, zone) ? nextAllowed(at, { from, until }, zone) : undefined
}
