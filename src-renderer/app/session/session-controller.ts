/**
 * From arriving to leaving: who is let in, with which key, into which data.
 *
 * Invariants: a state holds either nothing of a person (`signed-out`), or an open database (`open`, `locked`); names are in
 * memory in `open` alone; whoever signs out has nothing unsent.
 */
import type { UserId } from '#domain/ids.ts'
import { wipeLocalDatabase } from '#renderer/local-db/local-database.ts'
import { openPatientDirectory } from '#renderer/local-db/patient-directory.ts'
import {
  type Attempt,
  attemptKept,
  attemptResume,
  attemptSignIn,
  attemptUnlock,
  type Credentials,
  whoIsKnown,
} from './attempts.ts'
import { type SessionDeps, serverIdOf } from './open-session.ts'
import { type OpenSession, type ServerReach, type SessionState, SIGNED_OUT, type SignedOut } from './session-state.ts'

/** A server that has said nothing for so long keeps nobody before an empty page; it may still answer. */
const SILENCE_MS = 1_500

export class SessionController {
  readonly #deps: SessionDeps & { readonly silenceMs?: number }
  readonly #listeners = new Set<() => void>()
  #state: SessionState = { phase: 'starting' }
  /** While the server has taken a question and not answered it, the password is tried on what is kept here first. */
  #isServerSilent = false

  constructor(deps: SessionDeps & { readonly silenceMs?: number }) {
    this.#deps = deps
  }

  readonly getState = (): SessionState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Picks up a session that still stands, or shows the way in. */
  async start(): Promise<void> {
    const resuming = attemptResume(this.#deps)
    const attempt = await withinMs(resuming, this.#deps.silenceMs ?? SILENCE_MS)
    if (attempt) return this.#settle(attempt)
    this.#isServerSilent = true
    this.#set({ ...SIGNED_OUT, ...(await whoIsKnown(this.#deps)), server: 'server-unreachable' })
    void resuming.then((late) => this.#settleLate(late))
  }

  /** The answer to the first question, after somebody was shown the way in: whoever has taken it meanwhile goes on. */
  async #settleLate(attempt: Attempt): Promise<void> {
    this.#isServerSilent = false
    if (this.#state.phase === 'signed-out' && !this.#state.isBusy) return this.#settle(attempt)
    if (!attempt.ok) return
    await attempt.session.sync.stop()
    await attempt.session.database.close()
  }

  async signIn(credentials: Credentials): Promise<void> {
    this.#patchSignedOut({ isBusy: true, problem: null, serverMessage: null })
    this.#settle(await attemptSignIn(this.#deps, credentials))
  }

  /** Opens the data kept here for one of its users; the server is asked first when it can be reached. */
  async unlock(userId: string, password: string): Promise<void> {
    const state = this.#state
    if (state.phase !== 'signed-out') return
    this.#patchSignedOut({ isBusy: true, problem: null, serverMessage: null })
    const kept = this.#isServerSilent ? await attemptKept(this.#deps, userId as UserId, password) : undefined
    if (kept?.ok) return this.#settle(kept)
    this.#settle(await attemptUnlock(this.#deps, userId as UserId, password, state.expectedUserId === userId))
  }

  /** Looks whether the server can be reached; the log-in screen asks now and then. */
  async look(): Promise<void> {
    const me = await this.#deps.api.me()
    const server: ServerReach = me.ok || me.kind === 'refused' ? 'reachable' : me.reason
    this.#patchSignedOut({ server })
  }

  /** Takes the names off the screen and out of memory; replication goes on. */
  lock(): void {
    if (this.#state.phase !== 'open') return
    const { session, patients } = this.#state
    patients.close()
    this.#set({ phase: 'locked', session, isBusy: false, problem: null })
  }

  async reopen(password: string): Promise<void> {
    const state = this.#state
    if (state.phase !== 'locked' || state.isBusy) return
    const { session } = state
    this.#set({ ...state, isBusy: true, problem: null })
    const { platform, api } = this.#deps
    if (session.isKept) {
      const result = await platform.keys.unlock(session.user.id, password)
      if (result.ok) return this.#open(session)
      return this.#set({ ...state, isBusy: false, problem: 'wrong-password-here' })
    }
    const answer = await api.login({ email: session.user.email, password })
    if (answer.ok) return this.#open(session)
    this.#set({ ...state, isBusy: false, problem: answer.kind === 'offline' ? 'server-needed' : 'wrong-credentials' })
  }

  /** Signs in again at the server for an open session that it no longer knows. */
  async renew(password: string): Promise<boolean> {
    const session = this.#session()
    if (!session) return false
    const { platform, api } = this.#deps
    const answer = await api.login({ email: session.user.email, password })
    if (!answer.ok) return false
    if (answer.value.token !== undefined) {
      await platform.session.set({ userId: session.user.id, token: answer.value.token })
    }
    session.sync.kick()
    return true
  }

  /** @returns how many changes stand in the way; 0 means that nobody is signed in any more */
  async signOut(options: { readonly isWiped: boolean }): Promise<number> {
    const session = this.#session()
    if (!session) return 0
    const waiting = await session.sync.countWaiting()
    if (waiting > 0) return waiting
    const { platform, api } = this.#deps
    if (this.#state.phase === 'open') this.#state.patients.close()
    this.#set({ phase: 'starting' })
    await session.sync.stop()
    // Data in memory would outlive its closing, and be there for whoever sits down next.
    if (session.isKept) await session.database.close()
    else await session.database.remove()
    await Promise.all([api.logout(), platform.session.clear()])
    if (options.isWiped && session.isKept) {
      // Without a key nothing can be read any more; the ciphertext goes too.
      await platform.keys.forget(session.user.id)
      if ((await platform.keys.list()).length === 0) await platform.keys.setOwnDevice(false)
      await wipeLocalDatabase({ serverId: serverIdOf(api), userId: session.user.id, key: await throwAwayKey() })
    }
    await this.start()
    return 0
  }

  #session(): OpenSession | undefined {
    const state = this.#state
    return state.phase === 'open' || state.phase === 'locked' ? state.session : undefined
  }

  #open(session: OpenSession): void {
    this.#set({ phase: 'open', session, patients: openPatientDirectory(session.database) })
  }

  #settle(attempt: Attempt): void {
    if (attempt.ok) {
      this.#open(attempt.session)
      return
    }
    const { ok: _, ...changes } = attempt
    const base = this.#state.phase === 'signed-out' ? this.#state : SIGNED_OUT
    this.#set({ ...base, problem: null, serverMessage: null, needsPreviousPassword: false, ...changes, isBusy: false })
  }

  #patchSignedOut(changes: Partial<SignedOut>): void {
    if (this.#state.phase === 'signed-out') this.#set({ ...this.#state, ...changes })
  }

  #set(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** What the promise resolves to, or undefined when that takes longer. */
async function withinMs<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** RxDB wants a key to name the storage it removes; what the key is does not matter. */
const throwAwayKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
