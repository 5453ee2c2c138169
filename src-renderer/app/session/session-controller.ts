/**
 * From arriving to leaving: who is let in, with which key, into which data.
 *
 * Invariants: a state holds either nothing of a person (`signed-out`), or an open database (`open`, `locked`); names are in
 * memory in `open` alone; whoever signs out has nothing unsent.
 */
import type { Id, UserId } from '#domain/ids.ts'
import { handBackAll } from '#renderer/local-db/allotments.ts'
import { openPatientDirectory } from '#renderer/local-db/patient-directory.ts'
import { createAccountApi } from '#renderer/server-api/account-api.ts'
import {
  type Attempt,
  attemptArrived,
  attemptFactor,
  attemptKept,
  attemptResume,
  attemptSignIn,
  attemptUnlock,
  type Credentials,
  type Pending,
  whoIsKnown,
} from './attempts.ts'
import { DamagedStore } from './damaged-store.ts'
import { deviceId } from './device-identity.ts'
import { BrokenStoreError, type SessionDeps, wipeKept } from './open-session.ts'
import { writeProfile } from './profile-note.ts'
import { LOCKED_AFTER, problemOfCheck, type Renewal, withinMs } from './renewal.ts'
import { settleRevocation } from './revocation.ts'
import {
  type KeptStore,
  type OpenSession,
  type ServerReach,
  type SessionState,
  SIGNED_OUT,
  type SignedOut,
} from './session-state.ts'

/** A server that has said nothing for so long keeps nobody before an empty page; it may still answer. */
const SILENCE_MS = 1_500
/** How often a server that does not answer is asked what becomes of a revoked device's data. */
const REVOKED_RETRY_MS = 5_000

export type ControllerDeps = SessionDeps & { readonly silenceMs?: number; readonly revokedRetryMs?: number }

export class SessionController {
  readonly #deps: ControllerDeps
  readonly #listeners = new Set<() => void>()
  #state: SessionState = { phase: 'starting' }
  /** While the server has taken a question and not answered it, the password is tried on what is kept here first. */
  #isServerSilent = false
  /** What the next step of an unfinished log-in needs: the password among it, so it goes as soon as the step is done or left. */
  #pending: Pending | null = null
  /** The challenge of a session that is being taken up again. */
  #renewal: string | null = null
  #damaged: DamagedStore | null = null
  /** Of the open session: whether the device's access is taken away. */
  #watch: { readonly session: OpenSession; readonly end: () => void } | null = null

  constructor(deps: ControllerDeps) {
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
    await this.#run(attemptSignIn(this.#deps, credentials))
  }

  /** Answers the second step with a code. */
  async answerFactor(code: string): Promise<void> {
    const pending = this.#pending
    if (!pending) return
    this.#patchSignedOut({ isBusy: true, problem: null, serverMessage: null })
    await this.#run(attemptFactor(this.#deps, pending, code))
  }

  /** Goes on with the clinic that a person of several has chosen. */
  async chooseClinic(clinicId: string): Promise<void> {
    if (this.#pending) await this.signIn({ ...this.#pending.credentials, clinicId: clinicId as Id<'Clinic'> })
  }

  /** With the password from before, or without one: the data kept here is then given up. */
  async givePrevious(previousPassword: string | null): Promise<void> {
    const pending = this.#pending
    if (!pending) return
    this.#patchSignedOut({ isBusy: true, problem: null, serverMessage: null })
    const answer = previousPassword === null ? { startsAfresh: true } : { previousPassword }
    const credentials = { ...pending.credentials, ...answer }
    await this.#run(attemptArrived(this.#deps, { ...pending, credentials }))
  }

  /** Leaves an unfinished log-in. */
  startOver(): void {
    this.#pending = null
    this.#patchSignedOut({ secondFactor: null, clinics: [], needsPreviousPassword: false, problem: null })
  }

  /** The recovery codes have been noted. */
  goOn(): void {
    if (this.#state.phase === 'recovery-codes') this.#open(this.#state.session)
  }

  /** Opens the data kept here for one of its users; the server is asked first when it can be reached. */
  async unlock(userId: string, password: string): Promise<void> {
    const state = this.#state
    if (state.phase !== 'signed-out') return
    this.#patchSignedOut({ isBusy: true, problem: null, serverMessage: null })
    const id = userId as UserId
    await this.#run(
      (async () => {
        const kept = this.#isServerSilent ? await attemptKept(this.#deps, id, password) : undefined
        return kept?.ok ? kept : attemptUnlock(this.#deps, id, password, state.expectedUserId === userId)
      })(),
    )
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
    this.#set({ phase: 'locked', session, isBusy: false, problem: null, needsCode: false })
  }

  /** @param code of the second factor, where the server has asked for one */
  async reopen(password: string, code?: string): Promise<void> {
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
    const check = await createAccountApi(api).checkPassword(password)
    if (check.ok) return this.#open(session)
    const problem = problemOfCheck(check)
    if (problem) return this.#set({ ...state, isBusy: false, problem })
    // The server no longer knows the session.
    const renewed = await this.#signInAgain(session, password, code)
    if (renewed === 'in') return this.#open(session)
    if (this.#state.phase === 'locked') this.#set({ ...state, isBusy: false, ...LOCKED_AFTER[renewed] })
  }

  /** Signs in again at the server for an open session that it no longer knows. */
  async renew(password: string, code?: string): Promise<Renewal> {
    const session = this.#session()
    const renewal = session ? await this.#signInAgain(session, password, code) : 'failed'
    if (renewal === 'in') session?.sync.kick()
    return renewal
  }

  async #signInAgain(session: OpenSession, password: string, code?: string): Promise<Renewal> {
    const { user } = session
    const { platform, api } = this.#deps
    const challenge = this.#renewal
    this.#renewal = null
    const answer =
      code !== undefined && challenge !== null
        ? await api.secondFactor({ challenge, code })
        : await api.login({ email: user.email, password, clinicId: user.clinic.id })
    if (answer.ok) {
      const { token } = answer.value
      if (token !== undefined) await platform.session.set({ userId: user.id, token })
      return 'in'
    }
    if (answer.kind === 'offline') return 'offline'
    if (answer.code === 'device-revoked') this.#partFrom(session)
    if (answer.code === 'wrong-code') this.#renewal = challenge
    if (answer.code === 'wrong-code') return 'wrong-code'
    if (answer.challenge === undefined) return 'failed'
    if (answer.isEnrolment) return 'needs-enrolment'
    this.#renewal = answer.challenge
    return 'needs-code'
  }

  /** Asks the server what the open session's person may do by now, and goes on with that. */
  async refreshUser(): Promise<void> {
    const answer = await this.#deps.api.me()
    const session = this.#session()
    if (!answer.ok || !session || answer.value.user.id !== session.user.id) return
    const { user } = answer.value
    if (JSON.stringify(user) === JSON.stringify(session.user)) return
    const next = { ...session, user }
    const state = this.#state
    if (state.phase === 'open' || state.phase === 'locked') this.#set({ ...state, session: next })
    if (!session.database.closed) await writeProfile(session.database, { user, confirmedAt: Date.now() })
  }

  /** @returns how many changes stand in the way; 0 means that nobody is signed in any more */
  async signOut(options: { readonly isWiped: boolean }): Promise<number> {
    const session = this.#session()
    if (!session) return 0
    const waiting = await session.sync.countWaiting()
    if (waiting > 0) return waiting
    await this.#handBack(session)
    await this.#leave(session)
    if (options.isWiped && session.isKept) await wipeKept(this.#deps, session.user.id)
    await this.start()
    return 0
  }

  /**
   * Makes room for a colleague while the screen is locked. What is unsent stays on the device, under its person's key, until they are
   * back; where nothing is kept it would be lost.
   * @returns how many changes stand in the way; 0 means that nobody is signed in any more
   */
  async switchUser(): Promise<number> {
    const state = this.#state
    if (state.phase !== 'locked' || state.isBusy) return 0
    const { session } = state
    const waiting = session.isKept ? 0 : await session.sync.countWaiting()
    if (waiting > 0) return waiting
    await this.#leave(session)
    await this.start()
    return 0
  }

  /** Times kept for this device are of no use to it any more. Nothing waits for the answer to be yes: they end at their start. */
  async #handBack({ database, user, sync }: OpenSession): Promise<void> {
    if (sync.getStatus().connection.phase !== 'ready') return
    await handBackAll(database, this.#deps.api, { deviceId: deviceId(), userId: user.id }, Date.now())
  }

  async #leave(session: OpenSession): Promise<void> {
    const { platform, api } = this.#deps
    this.#endWatch()
    if (this.#state.phase === 'open') this.#state.patients.close()
    this.#set({ phase: 'starting' })
    await session.sync.stop()
    // Data in memory would outlive its closing, and be there for whoever sits down next.
    if (session.isKept) await session.database.close()
    else await session.database.remove()
    await Promise.all([api.logout(), platform.session.clear()])
  }

  #session(): OpenSession | undefined {
    const state = this.#state
    return state.phase === 'open' || state.phase === 'locked' ? state.session : undefined
  }

  #open(session: OpenSession): void {
    this.#set({ phase: 'open', session, patients: openPatientDirectory(session.database) })
    this.#watchAccess(session)
  }

  /** From opening to leaving, across locks. */
  #watchAccess(session: OpenSession): void {
    if (this.#watch?.session.sync === session.sync) return
    this.#endWatch()
    const { store, damaged } = session
    if (store) void damaged.then(() => this.#meetDamage(store, session))
    const watching = session.sync.status$.subscribe(({ connection }) => {
      if (connection.phase === 'revoked') queueMicrotask(() => void this.#partFrom(session))
    })
    this.#watch = { session, end: () => watching.unsubscribe() }
  }

  /** The device's access was taken away: hands in what the clinic wants, wipes what is kept, and shows the way in. */
  async #part(session: OpenSession): Promise<void> {
    const { api, platform, revokedRetryMs = REVOKED_RETRY_MS } = this.#deps
    if (this.#state.phase === 'revoked') return
    if (this.#state.phase === 'open') this.#state.patients.close()
    this.#endWatch()
    this.#set({ phase: 'revoked', session })
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, revokedRetryMs))
    const { sync, database, isKept, user } = session
    const farewell = await settleRevocation({ api, sync, userId: user.id, pause })
    if (farewell === 'let-in') return this.#open(session)
    await sync.stop()
    if (isKept) await database.close()
    else await database.remove()
    if (farewell.kind !== 'elsewhere') {
      if (isKept) await wipeKept(this.#deps, user.id)
      // Told to erase, the device keeps nobody's data.
      const others = farewell.kind === 'erased' ? await platform.keys.list() : []
      for (const { userId } of others) await wipeKept(this.#deps, userId as UserId)
      await platform.session.clear()
    }
    await this.start()
    this.#patchSignedOut({ farewell })
  }

  #partFrom({ sync }: OpenSession): void {
    const session = this.#session()
    if (session?.sync === sync) void this.#part(session)
  }

  #endWatch(): void {
    this.#watch?.end()
    this.#watch = null
  }

  async #run(attempt: Promise<Attempt>): Promise<void> {
    try {
      this.#settle(await attempt)
    } catch (error) {
      if (!(error instanceof BrokenStoreError)) throw error
      await this.#meetDamage(error.store)
    }
  }

  /** Of the local store: nothing more is read through it or written to it. */
  async #meetDamage(store: KeptStore, session?: OpenSession): Promise<void> {
    if (this.#state.phase === 'damaged' || (session && this.#session()?.sync !== session.sync)) return
    if (this.#state.phase === 'open') this.#state.patients.close()
    this.#endWatch()
    this.#pending = null
    const { revokedRetryMs = REVOKED_RETRY_MS } = this.#deps
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, revokedRetryMs))
    const damaged = new DamagedStore({ ...this.#deps, pause, show: (state) => this.#set(state) }, store)
    this.#damaged = damaged
    this.#set({ phase: 'damaged', found: null, step: 'asking', isUnsaved: false })
    await session?.sync.stop().catch(() => undefined)
    await session?.database.close().catch(() => undefined)
    await damaged.read()
  }

  /** Builds a damaged store anew; what nobody else has is saved to a file first, unless that was tried and given up. */
  async rebuild(options: { readonly isSaved: boolean }): Promise<void> {
    if (await this.#damaged?.rebuild(options)) location.reload()
  }

  #settle(attempt: Attempt): void {
    if (attempt.ok) {
      const { session, recoveryCodes } = attempt
      this.#pending = null
      if (attempt.isRevoked) void this.#part(session)
      else if (recoveryCodes) this.#set({ phase: 'recovery-codes', session, codes: recoveryCodes })
      else this.#open(session)
      return
    }
    const { ok: _, pending = null, ...changes } = attempt
    this.#pending = pending
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
