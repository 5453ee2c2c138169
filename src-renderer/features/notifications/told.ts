/** What somebody has been told in the app, as far as it is known here: pure steps from one state to the next. */
import type { NotificationView } from '#domain/api/notification-api.ts'
import type { Instant } from '#domain/time/instant.ts'

export type Told = {
  /** Newest first, each once. */
  readonly entries: readonly NotificationView[]
  /** Of the whole list, also of what is not here. */
  readonly unreadCount: number
  /** The way to older ones; null when all are here. */
  readonly nextCursor: string | null
  /** When the list was last level with the server; null before it ever was. */
  readonly asOf: Instant | null
}

export type ToldPage = {
  readonly notifications: readonly NotificationView[]
  readonly unreadCount: number
  readonly nextCursor: string | null
}

export const NOTHING_TOLD: Told = { entries: [], unreadCount: 0, nextCursor: null, asOf: null }

/** The newest page read again. Older ones that were already here stay, unless so much has come that a gap would lie between. */
export function withNewest(told: Told, page: ToldPage, now: Instant): Told {
  const { notifications, unreadCount, nextCursor } = page
  const fresh = new Set(notifications.map(({ id }) => id))
  const touches = told.entries.some(({ id }) => fresh.has(id))
  const oldest = notifications.at(-1)
  const kept = touches && oldest ? told.entries.filter((entry) => !fresh.has(entry.id) && isOlder(entry, oldest)) : []
  return {
    entries: [...notifications, ...kept],
    unreadCount,
    nextCursor: kept.length > 0 ? told.nextCursor : nextCursor,
    asOf: now,
  }
}

export function withOlder(told: Told, page: ToldPage): Told {
  const known = new Set(told.entries.map(({ id }) => id))
  return {
    ...told,
    entries: [...told.entries, ...page.notifications.filter(({ id }) => !known.has(id))],
    unreadCount: page.unreadCount,
    nextCursor: page.nextCursor,
  }
}

/** One more, as the stream tells it; one that is already here changes nothing, so that it is never counted twice. */
export function withOne(told: Told, entry: NotificationView, now: Instant): Told {
  if (told.entries.some(({ id }) => id === entry.id)) return told
  const unreadCount = told.unreadCount + (entry.readAt === null ? 1 : 0)
  return { ...told, entries: [entry, ...told.entries], unreadCount, asOf: now }
}

/** @param ids those read; without it all of them */
export function withRead(told: Told, ids: readonly string[] | undefined, unreadCount: number, now: Instant): Told {
  const isMeant = ({ id }: NotificationView): boolean => ids?.includes(id) ?? true
  return {
    ...told,
    entries: told.entries.map((entry) => (entry.readAt === null && isMeant(entry) ? { ...entry, readAt: now } : entry)),
    unreadCount,
  }
}

/** The order of the list: by time, then by id, which is made of time too. */
const isOlder = (one: NotificationView, other: NotificationView): boolean =>
  one.createdAt < other.createdAt || (one.createdAt === other.createdAt && one.id < other.id)
