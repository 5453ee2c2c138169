/** A device as RxDB would be, without RxDB: pages are read until one is shorter than asked for, and kept. */
import type { Subject } from '#domain/access/can.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { AccessEntry } from '#server/operations/access-audit.ts'
import { pullChanges } from '#server/operations/pull-changes.ts'
import type { Fixture } from './fixture-clinic.ts'

export function aPullDevice({ database, clock }: Pick<Fixture, 'database' | 'clock'>, collection: CollectionName) {
  const documents = new Map<string, WireDocument>()
  const disclosed: AccessEntry[] = []
  const deps = { database, now: () => clock.now, noteAccess: async (entry: AccessEntry) => void disclosed.push(entry) }
  const device = {
    documents,
    disclosed,
    checkpoint: null as WireCheckpoint | null,
    pages: 0,
    received: [] as WireDocument[],
    async pullPage(subject: Subject, limit: number) {
      const answer = await pullChanges(deps, subject, collection, device.checkpoint, limit)
      if (!answer.ok) throw new Error(answer.message)
      device.pages += 1
      for (const document of answer.result.documents as unknown as WireDocument[]) {
        device.received.push(document)
        documents.set(document.id, document)
      }
      if (answer.result.documents.length > 0) device.checkpoint = answer.result.checkpoint
      return answer
    },
    async pull(subject: Subject, limit = 500) {
      for (;;) {
        const answer = await device.pullPage(subject, limit)
        if (answer.result.documents.length < limit) return
      }
    },
    live: () =>
      [...documents.values()]
        .filter(({ _deleted }) => !_deleted)
        .map(({ id }) => id as string)
        .sort(),
  }
  return device
}
