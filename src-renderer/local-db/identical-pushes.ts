/** How often a change has been sent unchanged and without effect, by document. Forgotten with the page. */
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { pushText } from './parked-changes.ts'

/** So often a change is sent alone before it is set aside. */
export const PUSH_PATIENCE = 5

export class IdenticalPushes {
  /** Document id, then content and base: two answers that take turns make two changes that take turns. */
  readonly #counts = new Map<string, Map<string, number>>()

  /** Counts one more; true when that was enough. */
  add(row: PushRow): boolean {
    const { id } = row.newDocumentState
    const counts = this.#counts.get(id) ?? new Map<string, number>()
    const count = (counts.get(pushText(row)) ?? 0) + 1
    this.#counts.set(id, counts.set(pushText(row), count))
    return count >= PUSH_PATIENCE
  }

  /** The document got somewhere. */
  forget(id: string): void {
    this.#counts.delete(id)
  }
}
