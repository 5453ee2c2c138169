/** One's own notifications: the unread count, and a stream that comes back. Time, chance and sockets are scripted. */
import { describe, expect, it, vi } from 'vitest'
import type { NotificationView } from '#domain/api/notification-api.ts'
import type { Id } from '#domain/ids.ts'
import { RECONNECT } from '#domain/sync/connection-state.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { NotificationFeed } from '#renderer/features/notifications/notification-feed.ts'
import { NotificationStream } from '#renderer/features/notifications/notification-stream.ts'
import {
  NOTHING_TOLD,
  type Told,
  type ToldPage,
  withNewest,
  withOlder,
  withOne,
  withRead,
} from '#renderer/features/notifications/told.ts'
import type { SocketLike } from '#renderer/local-db/sync-line.ts'
import type { ApiResult } from '#renderer/server-api/api-call.ts'

const aNotification = (number: number, part: Partial<NotificationView> = {}): NotificationView => ({
  id: `0190a000-0000-7000-8000-${String(number).padStart(12, '0')}` as Id<'Notification'>,
  kind: 'booked',
  subject: `Message ${number}`,
  message: '',
  appointmentId: null,
  createdAt: 1_000 + number,
  readAt: null,
  ...part,
})
/** Of these numbers, newest first. */
const aPage = (numbers: readonly number[], unreadCount: number, nextCursor: string | null = null): ToldPage => ({
  notifications: numbers.map((number) => aNotification(number)),
  unreadCount,
  nextCursor,
})
const numbersOf = ({ entries }: Told): number[] => entries.map(({ createdAt }) => createdAt - 1_000)

describe('what one was told', () => {
  it('counts a new message once, however often the stream and the list tell it', () => {
    const told = withNewest(NOTHING_TOLD, aPage([1], 1), 5_000)
    const twice = withOne(withOne(told, aNotification(2), 5_001), aNotification(2), 5_002)
    expect(twice.unreadCount).toBe(2)
    expect(numbersOf(twice)).toEqual([2, 1])
    expect(numbersOf(withNewest(twice, aPage([2, 1], 2), 5_003))).toEqual([2, 1])
  })

  it('counts the unread of the whole list, not of the page that is here', () => {
    expect(withNewest(NOTHING_TOLD, aPage([9, 8], 40, 'on'), 5_000).unreadCount).toBe(40)
  })

  it('keeps older ones that are here when the newest page is read again', () => {
    const told = withOlder(withNewest(NOTHING_TOLD, aPage([6, 5], 6, 'a'), 5_000), aPage([4, 3], 6, 'b'))
    const again = withNewest(told, aPage([7, 6], 7, 'c'), 5_001)
    expect(numbersOf(again)).toEqual([7, 6, 5, 4, 3])
    expect(again.nextCursor).toBe('b')
  })

  it('starts over when so much has come that a gap would lie between', () => {
    const told = withNewest(NOTHING_TOLD, aPage([2, 1], 2), 5_000)
    const again = withNewest(told, aPage([9, 8], 9, 'on'), 5_001)
    expect(numbersOf(again)).toEqual([9, 8])
    expect(again.nextCursor).toBe('on')
  })

  it('marks some or all as read and believes the count of the server', () => {
    const told = withNewest(NOTHING_TOLD, aPage([3, 2, 1], 3), 5_000)
    const some = withRead(told, [aNotification(2).id], 2, 6_000)
    expect(some.entries.map(({ readAt }) => readAt)).toEqual([null, 6_000, null])
    expect(some.unreadCount).toBe(2)
    expect(withRead(some, undefined, 0, 7_000).entries.map(({ readAt }) => readAt)).toEqual([7_000, 6_000, 7_000])
  })
})

type Line = SocketLike & { readonly sent: string[]; isClosed: boolean }

/** A stream whose sockets are lines to be scripted, and whose timers run when asked to. */
function openStream({ isSignedIn = true, random = 0 } = {}) {
  const lines: Line[] = []
  const timers = new Map<number, { readonly action: () => void; readonly milliseconds: number }>()
  const heard: string[] = []
  let [tickets, handles] = [0, 0]
  const stream = new NotificationStream({
    url: 'ws://clinic.test/api/v1/notifications/stream',
    getTicket: async () => {
      tickets += 1
      return isSignedIn ? { ok: true, ticket: `ticket-${tickets}` } : { ok: false, reason: 'server-unreachable' }
    },
    onReady: (count) => heard.push(`ready ${count}`),
    onNotification: ({ subject }) => heard.push(subject),
    onLost: () => heard.push('lost'),
    createSocket: () => {
      const sent: string[] = []
      const line: Line = {
        sent,
        isClosed: false,
        onopen: null,
        onmessage: null,
        onerror: null,
        onclose: null,
        send: (text) => sent.push(text),
        close: () => {
          line.isClosed = true
        },
      }
      lines.push(line)
      return line
    },
    clock: {
      now: () => 0,
      setTimeout: (action, milliseconds) => {
        handles += 1
        timers.set(handles, { action, milliseconds })
        return handles
      },
      clearTimeout: (handle) => timers.delete(handle as number),
    },
    random: () => random,
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    stream,
    heard,
    lines,
    waits: () => [...timers.values()].map(({ milliseconds }) => milliseconds),
    start: async () => {
      stream.start()
      await settle()
    },
    /** Lets every timer ring that is set now. */
    ring: async () => {
      const due = [...timers.values()]
      timers.clear()
      for (const { action } of due) action()
      await settle()
    },
    last: (): Line => lines.at(-1) ?? expect.fail('nobody has dialled'),
    say: (message: unknown) => lines.at(-1)?.onmessage?.({ data: JSON.stringify(message) }),
  }
}

describe('the stream', () => {
  it('says who it is with a fresh ticket, and passes on what it hears', async () => {
    const { start, last, say, heard } = openStream()
    await start()
    last().onopen?.()
    expect(last().sent).toEqual(['{"type":"auth","ticket":"ticket-1"}'])
    say({ type: 'ready', unreadCount: 3 })
    say({ type: 'notification', notification: aNotification(4) })
    expect(heard).toEqual(['ready 3', 'Message 4'])
  })

  it('passes over what it does not understand', async () => {
    const { start, last, say, heard } = openStream()
    await start()
    last().onmessage?.({ data: '{' })
    say({ type: 'weather' })
    say({ type: 'notification', notification: { id: 1 } })
    expect(heard).toEqual([])
  })

  it('dials again with another ticket after a pause that grows, with jitter', async () => {
    const { start, ring, last, waits, lines } = openStream({ random: 0.999_999 })
    await start()
    const pauses: number[] = []
    for (let round = 0; round < 4; round += 1) {
      last().onclose?.({ code: 1006 })
      pauses.push(...waits())
      await ring()
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000].map((ceiling) => ceiling - 1))
    expect(lines).toHaveLength(5)
    last().onopen?.()
    expect(last().sent[0]).toContain('ticket-5')
  })

  it('counts failures anew after it has stood for a while', async () => {
    const { start, ring, last, say, waits } = openStream()
    await start()
    for (let round = 0; round < 6; round += 1) {
      last().onclose?.({ code: 1006 })
      await ring()
    }
    say({ type: 'ready', unreadCount: 0 })
    expect(waits()).toEqual([RECONNECT.stableAfterMs])
    await ring()
    last().onclose?.({ code: CLOSE.serverRestarts })
    expect(waits()).toEqual([RECONNECT.shortestMs])
  })

  it('gives up a line that never gets ready, and does not listen to it any more', async () => {
    const { start, ring, last, heard, lines } = openStream()
    await start()
    const silent = last()
    await ring()
    expect(silent.isClosed).toBe(true)
    expect(heard).toEqual(['lost'])
    await ring()
    expect(lines).toHaveLength(2)
    expect(silent.onmessage).toBeNull()
  })

  it('tries again when there is no ticket, and not after it was stopped', async () => {
    const { stream, start, ring, waits, lines } = openStream({ isSignedIn: false })
    await start()
    expect(waits()).toEqual([RECONNECT.shortestMs])
    await ring()
    expect(waits()).toEqual([RECONNECT.shortestMs])
    stream.stop()
    expect(waits()).toEqual([])
    expect(lines).toEqual([])
  })

  it('hangs up for good where the device was removed', async () => {
    const { start, last, waits } = openStream()
    await start()
    last().onclose?.({ code: CLOSE.revoked })
    expect(waits()).toEqual([])
  })
})

describe('the list on a network without streams', () => {
  /** A feed whose sockets break at once, and that tries no other. */
  function aFeed(answer: ApiResult<ToldPage>) {
    const feed = new NotificationFeed({
      api: {
        listNotifications: async () => answer as never,
        readNotifications: async () => Promise.reject(new Error('unasked')),
      },
      stream: {
        url: 'ws://clinic.test/api/v1/notifications/stream',
        getTicket: async () => ({ ok: true, ticket: 'ticket' }),
        createSocket: () => {
          const line: SocketLike = {
            onopen: null,
            onmessage: null,
            onerror: null,
            onclose: null,
            send: () => undefined,
            close: () => undefined,
          }
          queueMicrotask(() => line.onclose?.({ code: 1006 }))
          return line
        },
        clock: { now: () => 0, setTimeout: () => 0, clearTimeout: () => undefined },
      },
      database: { getLocal: async () => null, upsertLocal: async () => Promise.reject(new Error('closing')) } as never,
      now: () => 7_000,
      onNew: () => undefined,
    })
    return feed
  }

  it('is read all the same, and may be marked', async () => {
    const feed = aFeed({ ok: true, value: aPage([2, 1], 1) })
    await feed.run(true)
    await vi.waitFor(() => expect(feed.read()).toMatchObject({ isLive: true, unreadCount: 1, asOf: 7_000 }))
    expect(numbersOf(feed.read())).toEqual([2, 1])
    feed.stop()
  })

  it('is not called live when the server cannot be reached either', async () => {
    const feed = aFeed({ ok: false, kind: 'offline', reason: 'server-unreachable' })
    const states: boolean[] = []
    feed.subscribe(() => states.push(feed.read().isLive))
    await feed.run(true)
    await vi.waitFor(() => expect(states.length).toBeGreaterThan(1))
    expect(states).not.toContain(true)
  })
})
