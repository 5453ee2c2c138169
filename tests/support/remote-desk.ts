/** A client in a thread of its own, and how a test talks to it. */
import { Worker } from 'node:worker_threads'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Wish } from '#renderer/local-db/appointments-store.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import type { SyncClientOptions } from './sync-client.ts'

export type RemoteDeskOptions = Omit<SyncClientOptions, 'now'> & { readonly now: number }

export type RemoteDesk = {
  readonly name: string
  readonly user: SignedInUser
  readonly status: () => Promise<SyncStatus>
  /** Everything that is not deleted, by id. */
  readonly all: <Name extends CollectionName>(name: Name) => Promise<ReadonlyMap<string, WireDocument<Name>>>
  /** Works until so many things were written; answers how many were tried. */
  readonly work: (deeds: number) => Promise<number>
  /** Books one after the other; answers the ids, or why not. */
  readonly book: (wishes: readonly Wish[]) => Promise<readonly string[]>
  /** Has the server keep times for it, and answers which. */
  readonly lease: () => Promise<readonly Allotment[]>
  /** What its screen has shown that it must not, and of how many visits own words were acknowledged. */
  readonly seen: () => Promise<{ readonly violations: readonly string[]; readonly acknowledged: number }>
  readonly kick: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type Command =
  | { readonly name: 'status' | 'kick' | 'stop' | 'seen' | 'lease' }
  | { readonly name: 'all'; readonly collection: CollectionName }
  | { readonly name: 'work'; readonly deeds: number }
  | { readonly name: 'book'; readonly wishes: readonly Wish[] }
export type Asked = { readonly number: number; readonly command: Command }
export type Told = { readonly number: number; readonly value?: unknown; readonly problem?: string }

export async function startRemoteDesk(options: RemoteDeskOptions): Promise<RemoteDesk> {
  const worker = new Worker(new URL('./desk-worker.ts', import.meta.url), { workerData: options })
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let count = 0
  const expect = <Value>(number: number) =>
    new Promise<Value>((resolve, reject) => waiting.set(number, { resolve, reject }))
  const ask = <Value>(command: Command): Promise<Value> => {
    count += 1
    worker.postMessage({ number: count, command } satisfies Asked)
    return expect(count)
  }
  worker.on('message', ({ number, value, problem }: Told) => {
    const asker = waiting.get(number)
    waiting.delete(number)
    if (problem === undefined) asker?.resolve(value as never)
    else asker?.reject(new Error(problem))
  })
  worker.on('error', (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })
  const user = await expect<SignedInUser>(0)
  return {
    name: options.name,
    user,
    status: () => ask({ name: 'status' }),
    all: (collection) => ask({ name: 'all', collection }),
    work: (deeds) => ask({ name: 'work', deeds }),
    book: (wishes) => ask({ name: 'book', wishes }),
    lease: () => ask({ name: 'lease' }),
    seen: () => ask({ name: 'seen' }),
    kick: () => ask({ name: 'kick' }),
    stop: async () => {
      await ask({ name: 'stop' })
      await worker.terminate()
    },
  }
}
