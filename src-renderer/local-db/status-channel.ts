/** How the leading tab tells the others how replication stands, and how they ask it to hurry. */
import type { LocalDatabase } from './local-database.ts'
import type { SyncStatus } from './sync-status.ts'

/** What is the same in every tab. */
export type Shared = Pick<
  SyncStatus,
  'connection' | 'initialSync' | 'lastSyncAt' | 'personVersion' | 'liveVersions' | 'problem'
>

type Message =
  | { readonly type: 'status'; readonly shared: Shared }
  | { readonly type: 'ask' }
  | { readonly type: 'kick' }

export type StatusListeners = {
  readonly onStatus: (shared: Shared) => void
  readonly onAsked: () => void
  readonly onKick: () => void
}

/** Carries no health data. Where nobody shares the database, nothing is opened. */
export class StatusChannel {
  readonly #channel: BroadcastChannel | null

  constructor(database: LocalDatabase, { onStatus, onAsked, onKick }: StatusListeners) {
    this.#channel = database.multiInstance ? new BroadcastChannel(`sync-status:${database.name}`) : null
    if (!this.#channel) return
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === 'status') onStatus(data.shared)
      else if (data.type === 'ask') onAsked()
      else onKick()
    }
  }

  tell(shared: Shared): void {
    this.#send({ type: 'status', shared })
  }
  ask(): void {
    this.#send({ type: 'ask' })
  }
  kick(): void {
    this.#send({ type: 'kick' })
  }
  close(): void {
    this.#channel?.close()
  }

  #send(message: Message): void {
    this.#channel?.postMessage(message)
  }
}
