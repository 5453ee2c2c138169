/**
 * The REST API under `/api/v1` as typed calls. An expected refusal is a value; only a mistake of our own throws.
 *
 * In the browser the session is an HttpOnly cookie and the CSRF token goes back in `x-csrf-token`; on the desktop the bearer
 * token is handed in by whoever keeps it. Neither is ever written to storage here.
 */
import Type from 'typebox'
import { Check, Clean } from 'typebox/value'
import type { AccessEvent } from '#domain/api/access-event-api.ts'
import {
  type Alternative,
  type AppointmentView,
  alternativesAnswerSchema,
  appointmentAnswerSchema,
  type BookBody,
  type CancelBody,
  type ListAnswer,
  type ListQuery,
  listAnswerSchema,
  type MoveBody,
} from '#domain/api/appointment-api.ts'
import {
  type LoginAnswer,
  type LoginBody,
  loginAnswerSchema,
  type MeAnswer,
  meAnswerSchema,
  type SessionRow,
  type SocketTicketAnswer,
  sessionSchema,
  socketTicketAnswerSchema,
} from '#domain/api/auth-schemas.ts'
import { errorAnswerSchema } from '#domain/api/error-schema.ts'
import { type SetUpBody, setUpAnswerSchema } from '#domain/api/setup-schemas.ts'
import type { AppointmentId, Id } from '#domain/ids.ts'
import type { ApiFailure, ApiResult, Call } from './api-call.ts'
import { type ReportCalls, reportCalls } from './report-calls.ts'

type Days = Omit<ListQuery, 'limit' | 'cursor'>

export type SessionTransport = 'cookie' | 'bearer'

export type ServerApiOptions = {
  /** Origin of the server without a slash at the end; empty for the page's own. */
  readonly origin: string
  readonly transport: SessionTransport
  readonly fetch?: typeof globalThis.fetch
  /** Whether the device has a network at all; `navigator.onLine` by default. */
  readonly isOnline?: () => boolean
  readonly timeoutMs?: number
}

export type ServerApi = {
  readonly origin: string
  /** Any call, for the groups of calls that stand in files of their own. */
  readonly call: <Answer>(request: Call<Answer>) => Promise<ApiResult<Answer>>
  /** A request with the credentials of the session to an address that is no call of the REST API; the answer as it comes. */
  readonly fetch: (path: string, request: RawRequest) => Promise<Response>
  /** Hands in the bearer token kept from an earlier start; null forgets it. */
  readonly useToken: (token: string | null) => void
  /** Makes the first clinic of a server, with the secret of the one-time link. */
  readonly setUp: (body: SetUpBody) => Promise<ApiResult<null>>
  readonly login: (credentials: Omit<LoginBody, 'transport'>) => Promise<ApiResult<LoginAnswer>>
  /** The second step of a log-in: a code for the challenge that the first was answered with. */
  readonly secondFactor: (proof: {
    readonly challenge: string
    readonly code: string
  }) => Promise<ApiResult<LoginAnswer>>
  readonly me: () => Promise<ApiResult<MeAnswer>>
  readonly logout: () => Promise<ApiResult<null>>
  readonly socketTicket: () => Promise<ApiResult<SocketTicketAnswer>>
  readonly listSessions: () => Promise<ApiResult<readonly SessionRow[]>>
  readonly endSession: (id: Id<'Session'>) => Promise<ApiResult<null>>
  /** Which patient records were opened on this device; telling it again is harmless. */
  readonly tellOpened: (events: readonly AccessEvent[]) => Promise<ApiResult<null>>
  /** `idempotencyKey` makes a repeat after a lost answer harmless. */
  readonly book: (body: BookBody, idempotencyKey: string) => Promise<ApiResult<AppointmentView>>
  readonly move: (id: AppointmentId, body: MoveBody) => Promise<ApiResult<AppointmentView>>
  readonly cancel: (id: AppointmentId, body: CancelBody) => Promise<ApiResult<AppointmentView>>
  readonly confirm: (id: AppointmentId, revision: number) => Promise<ApiResult<AppointmentView>>
  /** All pages of the list, one after the other. */
  readonly listAppointments: (query: Days) => Promise<ApiResult<readonly AppointmentView[]>>
  readonly alternatives: (id: AppointmentId) => Promise<ApiResult<readonly Alternative[]>>
  readonly reports: ReportCalls
}

export type RawRequest = {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** The media type that is read. */
  readonly accept: string
  /** JSON as text. */
  readonly body?: string
  readonly signal: AbortSignal
}

const sessionsAnswerSchema = Type.Object({ sessions: Type.Array(sessionSchema) })
const nothingSchema = Type.Unknown()

/** Builds the client of one server. */
export function createServerApi(options: ServerApiOptions): ServerApi {
  const secrets: Secrets = { token: null, csrfToken: null }
  const call = <Answer>(request: Call<Answer>): Promise<ApiResult<Answer>> => send(options, secrets, request)
  const keep = <Answer extends { token?: string; csrfToken?: string }>(result: ApiResult<Answer>) => {
    if (result.ok && result.value.token !== undefined) secrets.token = result.value.token
    if (result.ok && result.value.csrfToken !== undefined) secrets.csrfToken = result.value.csrfToken
    return result
  }
  const forget = <Answer>(result: ApiResult<Answer>) => {
    if (result.ok) Object.assign(secrets, { token: null, csrfToken: null })
    return result
  }
  const whole = <Answer>(answer: unknown) => answer as Answer
  return {
    origin: options.origin,
    call,
    fetch: (path, request) => sendRaw(options, secrets, path, request),
    useToken: (token) => {
      secrets.token = token
    },
    setUp: (body) => call({ method: 'POST', path: '/setup', body, schema: setUpAnswerSchema, pick: () => null }),
    login: async (credentials) => {
      const body = { ...credentials, transport: options.transport === 'cookie' ? 'cookie' : 'token' }
      return keep(
        await call<LoginAnswer>({ method: 'POST', path: '/auth/login', body, schema: loginAnswerSchema, pick: whole }),
      )
    },
    secondFactor: async (body) =>
      keep(
        await call<LoginAnswer>({
          method: 'POST',
          path: '/auth/second-factor',
          body,
          schema: loginAnswerSchema,
          pick: whole,
        }),
      ),
    me: async () =>
      keep(await call<MeAnswer>({ method: 'GET', path: '/auth/me', schema: meAnswerSchema, pick: whole })),
    logout: async () =>
      forget(await call({ method: 'POST', path: '/auth/logout', schema: nothingSchema, pick: () => null })),
    socketTicket: () =>
      call<SocketTicketAnswer>({
        method: 'POST',
        path: '/auth/socket-ticket',
        schema: socketTicketAnswerSchema,
        pick: whole,
      }),
    listSessions: () =>
      call({
        method: 'GET',
        path: '/auth/sessions',
        schema: sessionsAnswerSchema,
        pick: (answer) => whole<{ sessions: SessionRow[] }>(answer).sessions,
      }),
    endSession: (id) =>
      call({ method: 'DELETE', path: `/auth/sessions/${id}`, schema: nothingSchema, pick: () => null }),
    tellOpened: (events) =>
      call({ method: 'POST', path: '/access-events', body: { events }, schema: nothingSchema, pick: () => null }),
    ...appointmentCalls(call),
    reports: reportCalls(call),
  }
}

function appointmentCalls(call: <Answer>(request: Call<Answer>) => Promise<ApiResult<Answer>>) {
  const act = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call<AppointmentView>({
      method: 'POST',
      path: `/appointments${path}`,
      body,
      headers,
      schema: appointmentAnswerSchema,
      pick: (answer) => (answer as { appointment: AppointmentView }).appointment,
    })
  return {
    book: (body: BookBody, idempotencyKey: string) => act('', body, { 'idempotency-key': idempotencyKey }),
    move: (id: AppointmentId, body: MoveBody) => act(`/${id}/move`, body),
    cancel: (id: AppointmentId, body: CancelBody) => act(`/${id}/cancel`, body),
    confirm: (id: AppointmentId, revision: number) => act(`/${id}/confirm`, { revision }),
    listAppointments: async (query: Days) => {
      const found: AppointmentView[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: ApiResult<ListAnswer> = await call({
          method: 'GET',
          path: `/appointments?${new URLSearchParams({ ...query, limit: '500', ...(cursor !== '' && { cursor }) })}`,
          schema: listAnswerSchema,
          pick: (answer) => answer as ListAnswer,
        })
        if (!page.ok) return page
        found.push(...page.value.appointments)
        cursor = page.value.nextCursor
      }
      return { ok: true, value: found } as const
    },
    alternatives: (id: AppointmentId) =>
      call<readonly Alternative[]>({
        method: 'GET',
        path: `/appointments/${id}/alternatives`,
        schema: alternativesAnswerSchema,
        pick: (answer) => (answer as { alternatives: Alternative[] }).alternatives,
      }),
  }
}

/** A report of a hundred thousand rows over a slow line. */
const FILE_TIMEOUT_MS = 300_000

type Secrets = { token: string | null; csrfToken: string | null }

async function send<Answer>(
  options: ServerApiOptions,
  secrets: Secrets,
  request: Call<Answer>,
): Promise<ApiResult<Answer>> {
  const { method, path, body, file, headers = {}, isFile = false } = request
  const { origin, fetch = globalThis.fetch, timeoutMs = isFile || file ? FILE_TIMEOUT_MS : 15_000 } = options
  const isOnline = options.isOnline ?? (() => globalThis.navigator?.onLine !== false)
  const type = file?.type ?? (body === undefined ? undefined : 'application/json')
  const content: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  try {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      ...fixedParts(options),
      headers: { accept: 'application/json', ...content, ...credentialsOf(options, secrets, method), ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      ...(file ? { body: file.content } : body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (isFile && response.ok) return { ok: true, value: request.pick(new Uint8Array(await response.arrayBuffer())) }
    return readAnswer(response, request)
  } catch {
    // Thrown only when no answer came, or not all of it: refused, no name, cut off, timed out.
    return { ok: false, kind: 'offline', reason: isOnline() ? 'server-unreachable' : 'no-network' }
  }
}

function sendRaw(
  options: ServerApiOptions,
  secrets: Secrets,
  path: string,
  { method, accept, body, signal }: RawRequest,
): Promise<Response> {
  const { origin, fetch = globalThis.fetch } = options
  const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  return fetch(`${origin}${path}`, {
    ...fixedParts(options),
    method,
    headers: { accept, ...content, ...credentialsOf(options, secrets, method) },
    signal,
    ...(body !== undefined && { body }),
  })
}

const fixedParts = ({ transport }: ServerApiOptions) =>
  ({ credentials: transport === 'cookie' ? 'same-origin' : 'omit', cache: 'no-store' }) as const

/** The bearer token, or what goes beside the cookie with everything that changes something. */
function credentialsOf({ transport }: ServerApiOptions, secrets: Secrets, method: string): Record<string, string> {
  if (transport === 'bearer') return secrets.token === null ? {} : { authorization: `Bearer ${secrets.token}` }
  return method === 'GET' || secrets.csrfToken === null ? {} : { 'x-csrf-token': secrets.csrfToken }
}

/** Says nothing beyond its status: done, or taken up for later. */
const isBare = ({ status, headers }: Response): boolean =>
  status === 204 || (status === 202 && headers.get('content-length') === '0')

/** A gateway or a captive portal answers too: what is not in the server's own words counts as an unreachable server. */
const UNREACHABLE: ApiFailure = { ok: false, kind: 'offline', reason: 'server-unreachable' }

async function readAnswer<Answer>(
  response: Response,
  { schema, pick, alsoAnswers = [] }: Call<Answer>,
): Promise<ApiResult<Answer>> {
  const isAnswer = response.ok || alsoAnswers.includes(response.status)
  const body: unknown = isBare(response) ? null : await response.json().catch(() => undefined)
  // A newer server may say more than this client knows; only what it knows is kept.
  const answer = Clean(isAnswer ? schema : errorAnswerSchema, body)
  if (isAnswer) {
    return answer !== undefined && Check(schema, answer) ? { ok: true, value: pick(answer) } : UNREACHABLE
  }
  if (!Check(errorAnswerSchema, answer)) return UNREACHABLE
  const {
    code,
    detail,
    field,
    requestId,
    retryAfterSeconds,
    alternatives,
    challenge,
    isEnrolment,
    clinics,
    revocation,
  } = answer
  return {
    ok: false,
    kind: 'refused',
    status: response.status,
    code,
    message: detail,
    requestId,
    ...(field !== undefined && { field }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(alternatives !== undefined && { alternatives }),
    ...(challenge !== undefined && { challenge }),
    ...(isEnrolment !== undefined && { isEnrolment }),
    ...(clinics !== undefined && { clinics }),
    ...(revocation !== undefined && { revocation }),
  }
}
