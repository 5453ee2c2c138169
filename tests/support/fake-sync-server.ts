/**
 * The server's half of replication in memory, for tests about the client: it changes what is pushed as the real one does
 * (revision, derived fields), answers in cursor order, and lets a test decide when an answer leaves.
 */

import { contentText } from '#domain/sync/canonical.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import { isSameDocument } from '#domain/sync/conflict.ts'
import type { PullResult, PushRow } from '#domain/sync/wire-messages.ts'
import { SyncError } from '#renderer/local-db/sync-error.ts'

export type FakeDocument = PushRow['newDocumentState'] & { readonly revision?: unknown }
type Stored = { readonly document: FakeDocument; readonly seq: number }

export class FakeSyncServer {
  readonly pushed: PushRow[] = []
  pulls = 0
  /** Awaited before an answer leaves, after the server has acted. */
  beforePullAnswer: () => Promise<void> = async () => {}
  beforePushAnswer: () => Promise<void> = async () => {}
  /** Awaited by a pull that has read its rows: its answer is older than what is pushed meanwhile. */
  afterPullRead: () => Promise<void> = async () => {}
  /** What the server makes of a change: refuse it, or store something else than was sent. */
  rule: (wanted: FakeDocument, current: FakeDocument | undefined) => FakeDocument | 'refused' = (wanted) => wanted
  /** True for a row over which the server fails, whatever else is in the push. */
  failsOver: (row: PushRow) => boolean = () => false
  /** Called after every write. */
  onStored: (collection: CollectionName) => void = () => {}
  readonly #stored = new Map<string, Stored>()
  #seq = 0

  /** The newest state of a document. */
  get(collection: CollectionName, id: string): FakeDocument | undefined {
    return this.#stored.get(`${collection}/${id}`)?.document
  }

  /** Somebody else's write. */
  put<Name extends CollectionName>(collection: Name, document: Documents[Name]): void {
    this.#store(collection, { _deleted: false, ...document } as unknown as FakeDocument)
  }

  /** What a newer server makes of its rows when it starts; nobody is told, as nothing they hold has changed. */
  upgrade(collection: CollectionName, migrate: (document: FakeDocument) => FakeDocument): void {
    for (const [key, stored] of this.#stored) {
      if (key.startsWith(`${collection}/`)) this.#stored.set(key, { ...stored, document: migrate(stored.document) })
    }
  }

  async pull(
    collection: CollectionName,
    checkpoint: WireCheckpoint | undefined,
    limit: number,
    isAnswered: () => Promise<void> = this.beforePullAnswer,
  ): Promise<PullResult> {
    this.pulls += 1
    // The state is read when the answer leaves, as late as a real server could.
    await isAnswered()
    const after = checkpoint?.lwt ?? 0
    const page = [...this.#stored]
      .filter(([key, { seq }]) => key.startsWith(`${collection}/`) && seq > after)
      .map(([, stored]) => stored)
      .sort((a, b) => a.seq - b.seq)
      .slice(0, limit)
    const lwt = page.at(-1)?.seq ?? after
    await this.afterPullRead()
    return { documents: page.map(({ document }) => document), checkpoint: { lwt, id: `e~${lwt}` } }
  }

  async push(collection: CollectionName, rows: readonly PushRow[]): Promise<FakeDocument[]> {
    if (rows.some(this.failsOver)) throw new SyncError('BAD_REQUEST', 'the server failed over a row')
    const answer = rows.map((row) => this.#take(collection, row)).filter((document) => document !== undefined)
    await this.beforePushAnswer()
    return answer
  }

  #take(collection: CollectionName, row: PushRow): FakeDocument | undefined {
    this.pushed.push(row)
    const { newDocumentState: wanted, assumedMasterState: base } = row
    const current = this.get(collection, wanted.id)
    if (current && contentText(current) === contentText(wanted)) return undefined
    if (current && (!base || !isSameDocument(withoutRevision(current), withoutRevision(base)))) return current
    const stored = this.rule(wanted, current)
    if (stored === 'refused') return current ?? { ...wanted, _deleted: true }
    this.#store(collection, stored)
    return undefined
  }

  #store(collection: CollectionName, document: FakeDocument): void {
    const before = this.get(collection, document.id)
    this.#seq += 1
    const revision = Number(before?.revision ?? 0) + 1
    this.#stored.set(`${collection}/${document.id}`, { document: { ...document, revision }, seq: this.#seq })
    this.onStored(collection)
  }
}

const withoutRevision = ({ revision: _, updatedAt: __, ...rest }: Record<string, unknown>) => rest
