/**
 * From a damaged local store to a new one. The order is the promise: what nobody else has is read first, offered as a file, kept
 * encrypted beside the store, and only then is the store removed; and nothing is removed while the server cannot be reached.
 */
import { keepRescue } from '#renderer/local-db/rescue.ts'
import { salvageStore } from '#renderer/local-db/salvage.ts'
import type { SessionDeps } from './open-session.ts'
import { countOf, salvageFile } from './salvage-file.ts'
import type { DamagedState, KeptStore } from './session-state.ts'

const NOTHING_FOUND = {
  unsent: [],
  notes: [],
  unreadable: [{ collection: 'everything', id: '', writtenAt: null }],
} as const
const READING: DamagedState = { phase: 'damaged', found: null, step: 'asking', isUnsaved: false }

export type DamagedDeps = SessionDeps & {
  readonly show: (state: DamagedState) => void
  /** The pause before the server is asked again. */
  readonly pause: () => Promise<void>
}

export class DamagedStore {
  readonly #deps: DamagedDeps
  readonly #store: KeptStore
  #state = READING

  constructor(deps: DamagedDeps, store: KeptStore) {
    this.#deps = deps
    this.#store = store
  }

  async read(): Promise<void> {
    this.#show({})
    const { name, key } = this.#store
    const found = await salvageStore(name, key).catch(() => NOTHING_FOUND)
    this.#show({ found })
  }

  /**
   * Saves what nobody else has and builds the store anew from the server.
   * @returns whether it came to that: the page then has to begin anew, and the next opening does the rest
   */
  async rebuild({ isSaved }: { readonly isSaved: boolean }): Promise<boolean> {
    const { found, step } = this.#state
    if (!found || step !== 'asking') return false
    if (isSaved && !(await this.#save(found))) return false
    const { name, key } = this.#store
    const { api, pause } = this.#deps
    this.#show({ step: 'waiting-for-server' })
    let me = await api.me()
    for (; !me.ok && (me.kind === 'offline' || me.status >= 500); me = await api.me()) await pause()
    this.#show({ step: 'rebuilding' })
    await keepRescue(name, key, found, Date.now())
    return true
  }

  async #save(found: NonNullable<DamagedState['found']>): Promise<boolean> {
    if (countOf(found) === 0 && found.unreadable.length === 0) return true
    this.#show({ step: 'saving', isUnsaved: false })
    const { outcome } = await this.#deps.platform.saveFile(salvageFile(found, Date.now()))
    this.#show({ step: 'asking', isUnsaved: outcome !== 'saved' })
    return outcome === 'saved'
  }

  #show(changes: Partial<DamagedState>): void {
    this.#state = { ...this.#state, ...changes }
    this.#deps.show(this.#state)
  }
}
