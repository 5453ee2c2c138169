/**
 * One's own notifications from unlock to lock: the list, how many are unread, and each new one as it comes. The last list is a
 * note in the encrypted database, so that it can be read without the server; nothing of it is written anywhere else.
 */
import { BehaviorSubject } from 'rxjs'
import Type from 'typebox'
import { Check } from 'typebox/value'
import { type NotificationView, notificationSchema } from '#domain/api/notification-api.ts'
import { instantSchema } from '#domain/schema-parts.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import type { ApiResult } from '#renderer/server-api/api-call.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'
import { NotificationStream, type StreamOptions } from './notification-stream.ts'
import { NOTHING_TOLD, type Told, type ToldPage, withNewest, withOlder, withOne, withRead } from './told.ts'

export type FeedState = Told & { readonly isLive: boolean }

export type FeedOptions = {
  readonly api: Pick<MessageApi, 'listNotifications' | 'readNotifications'>
  readonly stream: Pick<StreamOptions, 'url' | 'getTicket' | 'createSocket' | 'clock' | 'random'>
  readonly database: Pick<LocalDatabase, 'getLocal' | 'upsertLocal'>
  readonly now: () => Instant
  readonly onNew: (notification: NotificationView) => void
}

const noteSchema = Type.Object({
  entries: Type.Array(notificationSchema),
  unreadCount: Type.Integer(),
  asOf: Type.Union([Type.Null(), instantSchema()]),
})
const NOTE = 'notifications'
const PAGE = '30'
/** So many are kept for a look without the server. */
const KEPT = 100

export class NotificationFeed {
  readonly #options: FeedOptions
  readonly #stream: NotificationStream
  readonly #state = new BehaviorSubject<FeedState>({ ...NOTHING_TOLD, isLive: false })
  #restored: Promise<void> | null = null
  #isRunning = false
  #isStreaming = false

  constructor(options: FeedOptions) {
    this.#options = options
    this.#stream = new NotificationStream({
      ...options.stream,
      onReady: (unreadCount) => {
        this.#isStreaming = true
        this.#change({ isLive: true, unreadCount })
        void this.reload()
      },
      onNotification: (entry) => this.#take(entry),
      onLost: () => {
        this.#isStreaming = false
        void this.#readInstead()
      },
    })
  }

  readonly subscribe = (notify: () => void): (() => void) => {
    const subscription = this.#state.subscribe(notify)
    return () => subscription.unsubscribe()
  }
  readonly read = (): FeedState => this.#state.getValue()

  /** Listens while the server can be reached, and shows what was kept while it cannot. */
  async run(isReachable: boolean): Promise<void> {
    this.#isRunning = isReachable
    this.#restored ??= this.#restore()
    await this.#restored
    if (this.#isRunning) return this.#stream.start()
    this.#stream.stop()
    this.#change({ isLive: false })
  }

  stop(): void {
    this.#isRunning = false
    this.#stream.stop()
  }

  /** Reads the newest page anew; false when the server did not answer it. */
  async reload(): Promise<boolean> {
    const { api, now } = this.#options
    const answer = await api.listNotifications({ limit: PAGE })
    this.#keep(answer, (page) => withNewest(this.read(), page, now()))
    return answer.ok
  }

  /**
   * On a network that lets no stream through, the list is read at each try for one, every half minute at the latest: it is as
   * good as live, but what is new is not announced.
   */
  async #readInstead(): Promise<void> {
    const isThere = this.#isRunning && (await this.reload())
    if (!this.#isStreaming) this.#change({ isLive: isThere && this.#isRunning })
  }

  async more(): Promise<void> {
    const { nextCursor } = this.read()
    if (nextCursor === null) return
    const answer = await this.#options.api.listNotifications({ limit: PAGE, cursor: nextCursor })
    this.#keep(answer, (page) => withOlder(this.read(), page))
  }

  /** Marks some as read, or all; without the server nothing is marked. */
  async markRead(ids?: readonly string[]): Promise<void> {
    const answer = await this.#options.api.readNotifications(ids)
    const now = this.#options.now()
    if (answer.ok) this.#told(withRead(this.read(), ids, answer.value.unreadCount, now))
  }

  #take(entry: NotificationView): void {
    const before = this.read()
    const after = withOne(before, entry, this.#options.now())
    if (after === before) return
    this.#told(after)
    this.#options.onNew(entry)
  }

  #keep(answer: ApiResult<ToldPage>, toTold: (page: ToldPage) => Told): void {
    if (answer.ok) this.#told(toTold(answer.value))
  }

  #told(told: Told): void {
    const { entries, unreadCount, nextCursor, asOf } = told
    this.#change({ entries, unreadCount, nextCursor, asOf })
    const note = { entries: entries.slice(0, KEPT), unreadCount, asOf }
    // A database that is being closed takes no more notes; the list is read anew after the next unlock.
    this.#options.database.upsertLocal(NOTE, note).catch(() => undefined)
  }

  async #restore(): Promise<void> {
    const kept = await this.#options.database.getLocal(NOTE).catch(() => null)
    const note: unknown = kept?.toJSON().data
    // Another version may have kept something else.
    if (Check(noteSchema, note) && this.read().asOf === null) this.#change(note)
  }

  #change(changes: Partial<FeedState>): void {
    this.#state.next({ ...this.read(), ...changes })
  }
}
