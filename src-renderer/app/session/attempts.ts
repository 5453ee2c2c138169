/** The ways in. Each ends with open data, or with what the log-in screen has to say. */

import type { LoginAnswer, SignedInUser } from '#domain/api/auth-schemas.ts'
import type { Revocation } from '#domain/api/hand-in-api.ts'
import type { Id, UserId } from '#domain/ids.ts'
import type { KeyResult } from '#renderer/platform/types.ts'
import { createAccountApi } from '#renderer/server-api/account-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { deviceId, deviceName } from './device-identity.ts'
import { openOffline, openOnline, removeKept, type SessionDeps, wipeKept } from './open-session.ts'
import type { Farewell } from './revocation.ts'
import type { LogInProblem, OpenSession, SignedOut } from './session-state.ts'

export type Credentials = {
  readonly email: string
  readonly password: string
  /** The answer to the own-device question; absent when it was not asked. */
  readonly isOwnDevice?: boolean
  readonly previousPassword?: string
  /** Gives up what is kept here, because nobody knows its password any more. */
  readonly startsAfresh?: boolean
  /** Chosen by a person of several clinics. */
  readonly clinicId?: Id<'Clinic'>
}

/** What the next step of an unfinished log-in needs; kept out of the state, which screens see. */
export type Pending = {
  readonly credentials: Credentials
  /** Answers the server's question for a code. */
  readonly challenge?: string
  /** The server has let the person in, and the key of the data kept here is missing. */
  readonly arrived?: SignedInUser
  readonly recoveryCodes?: readonly string[]
}

export type Attempt =
  | {
      readonly ok: true
      readonly session: OpenSession
      readonly recoveryCodes?: readonly string[] | undefined
      readonly isRevoked?: true
    }
  | ({ readonly ok: false; readonly pending?: Pending } & Partial<Omit<SignedOut, 'phase' | 'isBusy'>>)

/** A page that opens anew: the session may stand, and the data may need no password. */
export async function attemptResume(deps: SessionDeps): Promise<Attempt> {
  const { platform, api } = deps
  const saved = await platform.session.get()
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook, the API takes a token into use
  if (saved) api.useToken(saved.token)
  const [me, known] = await Promise.all([api.me(), whoIsKnown(deps)])
  if (!me.ok) {
    if (me.kind === 'refused' && me.revocation && known.enrolments.length > 0)
      return resumeRevoked(deps, known, me.revocation)
    const server = me.kind === 'offline' ? me.reason : 'reachable'
    return { ok: false, ...known, server }
  }
  const { user } = me.value
  if (known.enrolments.some(({ userId }) => userId === user.id)) {
    return { ok: false, ...known, server: 'reachable', expectedUserId: user.id }
  }
  // Data in memory needs no password, but a device that keeps data gets its key by one.
  if (await platform.keys.isOwnDevice()) return { ok: false, ...known, server: 'reachable' }
  return { ok: true, session: await openOnline({ api, key: null }, user) }
}

/** Data that need not be handed in goes without a password; the rest waits for the one that opens it. */
async function resumeRevoked(
  { platform, api }: SessionDeps,
  known: Awaited<ReturnType<typeof whoIsKnown>>,
  { ticket, handedIn, userId }: Revocation,
): Promise<Attempt> {
  const isErased = ticket === null && handedIn === null
  const gone = known.enrolments.filter((one) => isErased || (handedIn !== null && one.userId === userId))
  for (const one of gone) await wipeKept({ platform, api }, one.userId as UserId)
  const enrolments = await platform.keys.list()
  const farewell: Farewell =
    handedIn === null ? { kind: isErased ? 'erased' : 'waiting' } : { kind: 'handed-in', count: handedIn, left: 0 }
  return { ok: false, ...known, enrolments, server: 'reachable', farewell }
}

/** E-mail and password: the server decides; without it the data kept here for that person. */
export async function attemptSignIn(deps: SessionDeps, credentials: Credentials): Promise<Attempt> {
  const { platform, api } = deps
  const email = credentials.email.trim()
  const { password } = credentials
  const device = { id: deviceId(), name: deviceName() }
  const { clinicId } = credentials
  const answer = await api.login({ email, password, device, ...(clinicId && { clinicId }) })
  if (!answer.ok && answer.kind === 'refused') {
    const isRevoked = answer.code === 'device-revoked'
    return isRevoked ? attemptFarewell(deps, credentials, answer) : afterRefusal(deps, credentials, answer)
  }
  if (!answer.ok) {
    const enrolments = await platform.keys.list()
    const mine = enrolments.find(({ login }) => isLogin(login, email))
    if (mine) return attemptKept(deps, mine.userId as UserId, password)
    return { ok: false, server: answer.reason, problem: enrolments.length > 0 ? 'nothing-kept-here' : null }
  }
  return letIn(deps, answer.value, { credentials })
}

const isLogin = (login: string, email: string): boolean => login.toLowerCase() === email.toLowerCase()

/** The device's access was taken away: the data kept here is opened once more, to be handed in, however old it is. */
async function attemptFarewell(deps: SessionDeps, credentials: Credentials, refusal: Refusal): Promise<Attempt> {
  const mine = (await deps.platform.keys.list()).find(({ login }) => isLogin(login, credentials.email.trim()))
  if (!mine) return afterRefusal(deps, credentials, refusal)
  const attempt = await attemptKept(deps, mine.userId as UserId, credentials.password, false)
  return attempt.ok ? { ...attempt, isRevoked: true } : attempt
}

/** The second step: a code of the authenticator app, or a recovery code. */
export async function attemptFactor(deps: SessionDeps, pending: Pending, code: string): Promise<Attempt> {
  const answer = await deps.api.secondFactor({ challenge: pending.challenge ?? '', code })
  if (answer.ok) return letIn(deps, answer.value, { credentials: pending.credentials })
  if (answer.kind === 'offline') return { ok: false, pending, server: answer.reason, problem: 'server-needed' }
  if (answer.code === 'link-invalid') return { ok: false, secondFactor: null, problem: 'challenge-over' }
  return { ok: false, pending, problem: answer.status === 429 ? 'too-many-tries' : 'wrong-code' }
}

/** What follows once the server has let the person in: the session is kept, and the key opened or made. */
async function letIn(
  deps: SessionDeps,
  { user, token, recoveryCodes }: LoginAnswer,
  pending: Pending,
): Promise<Attempt> {
  const { platform } = deps
  if (token !== undefined) await platform.session.set({ userId: user.id, token })
  if (pending.credentials.isOwnDevice !== undefined) await platform.keys.setOwnDevice(pending.credentials.isOwnDevice)
  return attemptArrived(deps, { ...pending, arrived: user, ...(recoveryCodes && { recoveryCodes }) })
}

/** Opens the data of somebody whom the server has let in. */
export async function attemptArrived(deps: SessionDeps, pending: Pending): Promise<Attempt> {
  const { arrived: user, credentials, recoveryCodes } = pending
  if (!user) return { ok: false }
  if (credentials.startsAfresh) await removeKept(deps, user.id)
  const opened = await openWithKey(deps, user, credentials)
  if (opened.ok) return { ...opened, recoveryCodes }
  return { ...opened, secondFactor: null, clinics: [], ...(opened.needsPreviousPassword && { pending }) }
}

async function afterRefusal({ api }: SessionDeps, credentials: Credentials, refusal: Refusal): Promise<Attempt> {
  const { code, challenge, isEnrolment, clinics } = refusal
  const none = { ok: false, server: 'reachable', secondFactor: null, clinics: [] } as const
  if (code === 'choose-clinic' && clinics) return { ...none, pending: { credentials }, clinics }
  if (code !== 'second-factor-required' || challenge === undefined) return { ...none, ...problemOf(refusal) }
  const pending = { credentials, challenge }
  if (!isEnrolment) return { ...none, pending, secondFactor: { enrolment: null } }
  const answer = await createAccountApi(api).enrolByChallenge(challenge)
  if (answer.ok) return { ...none, pending, secondFactor: { enrolment: answer.value } }
  return { ...none, problem: answer.kind === 'offline' ? 'server-needed' : 'challenge-over' }
}

/** The password of somebody whose data is kept here. */
export async function attemptUnlock(
  deps: SessionDeps,
  userId: UserId,
  password: string,
  hasSession: boolean,
): Promise<Attempt> {
  const enrolment = (await deps.platform.keys.list()).find((one) => one.userId === userId)
  if (!enrolment) return { ok: false, problem: 'nothing-kept-here' }
  if (!hasSession) return attemptSignIn(deps, { email: enrolment.login, password })
  const result = await deps.platform.keys.unlock(userId, password)
  const me = result.ok ? await deps.api.me() : undefined
  if (result.ok && me?.ok)
    return { ok: true, session: await openOnline({ api: deps.api, key: result.key }, me.value.user) }
  return result.ok ? attemptKept(deps, userId, password) : attemptSignIn(deps, { email: enrolment.login, password })
}

async function openWithKey(
  { platform, api }: SessionDeps,
  user: SignedInUser,
  credentials: Credentials,
): Promise<Attempt> {
  const { password, previousPassword, email } = credentials
  const result = await platform.keys.enrol({ userId: user.id, login: email.trim() }, password, previousPassword)
  if (!result.ok && result.reason === 'wrong-password') {
    return {
      ok: false,
      needsPreviousPassword: true,
      problem: previousPassword === undefined ? null : 'wrong-password-here',
    }
  }
  if (!result.ok && result.reason === 'damaged') return { ok: false, problem: 'damaged' }
  const key = result.ok ? result.key : null
  return { ok: true, session: await openOnline({ api, key }, user) }
}

/** Without the server: the password opens the data kept here, while the lease lasts. */
export async function attemptKept(
  { platform, api }: SessionDeps,
  userId: UserId,
  password: string,
  isLeaseAsked = true,
): Promise<Attempt> {
  const result = await platform.keys.unlock(userId, password)
  if (!result.ok) return { ok: false, problem: problemOfKey(result) }
  const session = await openOffline({ api, key: result.key }, userId, isLeaseAsked)
  return typeof session === 'string' ? { ok: false, problem: session } : { ok: true, session }
}

/** What is known here of who comes, before anybody asks the server. */
export async function whoIsKnown({
  platform,
}: SessionDeps): Promise<Pick<SignedOut, 'enrolments' | 'asksOwnDevice' | 'expectedUserId'>> {
  const [enrolments, isOwn] = await Promise.all([platform.keys.list(), platform.keys.isOwnDevice()])
  return { enrolments, asksOwnDevice: platform.kind === 'browser' && !isOwn, expectedUserId: null }
}

function problemOfKey({ reason }: Extract<KeyResult, { ok: false }>): LogInProblem {
  if (reason === 'wrong-password') return 'wrong-password-here'
  return reason === 'damaged' ? 'damaged' : 'nothing-kept-here'
}

type Refusal = Extract<ApiFailure, { kind: 'refused' }>

function problemOf(refusal: Refusal): Pick<SignedOut, 'problem' | 'serverMessage'> {
  const { status, message } = refusal
  if (status === 401) return { problem: 'wrong-credentials', serverMessage: null }
  if (status === 429) return { problem: 'too-many-tries', serverMessage: null }
  return { problem: 'refused', serverMessage: message }
}
