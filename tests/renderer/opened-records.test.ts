import { BehaviorSubject } from 'rxjs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type AccessEvent, MOST_ACCESS_EVENTS } from '#domain/api/access-event-api.ts'
import type { ConnectionState } from '#domain/sync/connection-state.ts'
import { minutes } from '#domain/time/instant.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { noteOpened, readOpened, startTelling } from '#renderer/local-db/opened-records.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import type { ApiResult } from '#renderer/server-api/api-call.ts'
import { testId } from '#tests/support/builders.ts'

const VISIT = testId('Document', 1)
const OTHER = testId('Document', 2)

let database: LocalDatabase
let clock = 1_000_000
let status: BehaviorSubject<SyncStatus>
let told: (readonly AccessEvent[])[]
let answer: ApiResult<null>
let stop: () => void

const phase = (name: ConnectionState['phase'], isLeader = true): SyncStatus =>
  ({ connection: { phase: name }, isLeader }) as unknown as SyncStatus
const open = (id = VISIT) => noteOpened({ database, now: () => clock }, 'appointments', id)

beforeEach(async () => {
  const id = `https://opened-${crypto.randomUUID()}`
  database = await openLocalDatabase({ serverId: id, userId: testId('User'), key: null, multiInstance: false })
  status = new BehaviorSubject(phase('offline'))
  told = []
  answer = { ok: true, value: null }
  const api = {
    tellOpened: async (events: readonly AccessEvent[]) => {
      told.push(events)
      return answer
    },
  }
  stop = startTelling(database, { status$: status, getStatus: () => status.getValue() }, api)
})
afterEach(async () => {
  stop()
  await database.close()
})

test('what was opened without the server is kept, and told when there is a connection', async () => {
  await open()
  await open(OTHER)
  expect(told).toEqual([])
  expect((await readOpened(database)).map(({ documentId }) => documentId)).toEqual([VISIT, OTHER])
  status.next(phase('ready'))
  await vi.waitFor(async () => expect(await readOpened(database)).toEqual([]))
  expect(told.flat().map(({ documentId, at }) => [documentId, at])).toEqual([
    [VISIT, clock],
    [OTHER, clock],
  ])
})

test('with a connection it is told at once, and once', async () => {
  status.next(phase('ready'))
  await open()
  await vi.waitFor(async () => expect([told.length, await readOpened(database)]).toEqual([1, []]))
  status.next(phase('ready'))
  expect(told).toHaveLength(1)
})

test('what the server does not take stays, with its id, for the next connection', async () => {
  answer = { ok: false, kind: 'offline', reason: 'server-unreachable' }
  status.next(phase('ready'))
  await open()
  await vi.waitFor(() => expect(told).toHaveLength(1))
  answer = { ok: true, value: null }
  status.next(phase('offline'))
  status.next(phase('ready'))
  await vi.waitFor(async () => expect(await readOpened(database)).toEqual([]))
  expect(told.at(-1)).toEqual(told[0])
})

test('the same record looked at within a minute is one opening; later it is another', async () => {
  await open()
  clock += minutes(1) - 1
  await open()
  expect(await readOpened(database)).toHaveLength(1)
  clock += minutes(1)
  await open()
  await open(OTHER)
  await open()
  expect(await readOpened(database)).toHaveLength(4)
})

test('a long outage is told in pages, and a tab that does not lead tells nothing', async () => {
  for (let number = 0; number <= MOST_ACCESS_EVENTS; number += 1) await open(number % 2 ? VISIT : OTHER)
  status.next(phase('ready', false))
  expect(told).toEqual([])
  status.next(phase('ready'))
  await vi.waitFor(async () => expect(await readOpened(database)).toEqual([]))
  expect(told.map((page) => page.length)).toEqual([MOST_ACCESS_EVENTS, 1])
})
