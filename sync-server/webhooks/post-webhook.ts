/** One try of one delivery: a signed POST after the Standard Webhooks specification, on a connection whose address was judged. */
import { createHmac } from 'node:crypto'
import { lookup as systemLookup } from 'node:dns'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { TryResult } from '#server/operations/webhooks/deliver-webhooks.ts'
import type { AddressRule } from './address-rule.ts'

export type Message = {
  readonly url: string
  /** `webhook-id`: the same for every try. */
  readonly id: string
  readonly body: string
  /** Seconds since 1970: the time of the try. */
  readonly timestamp: number
  readonly secrets: readonly string[]
}

export type PostDeps = {
  readonly addressRule: AddressRule
  /** The system's resolver; a test passes one that lies. */
  readonly lookup?: typeof systemLookup
  readonly timeoutMs?: number
}

/** Longest time for everything: name, connection, request and the first line of the answer. */
const TIMEOUT_MS = 10_000
/** Of an answer's body nothing is used; more of it than this ends the connection. */
const MOST_BODY_BYTES = 64 * 1024

/** `v1,BASE64` by each secret, blanks between (Standard Webhooks, section "Signature scheme"). */
export function signatureOf({ id, timestamp, body, secrets }: Message): string {
  const signed = `${id}.${timestamp}.${body}`
  return secrets
    .map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    .join(' ')
}

/** What an address tells by itself: its scheme, and where it names no name, whether that may be called. */
export function isCallable(text: string, addressRule: AddressRule): boolean {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.hash !== '')
    return false
  const host = hostOf(url)
  if (isIP(host) === 0) return !/(^|\.)(localhost|local|internal)\.?$/i.test(host) && url.protocol === 'https:'
  return isPublicEnough(addressRule(host), url)
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/** Without TLS only what somebody allowed by hand. */
const isPublicEnough = (verdict: ReturnType<AddressRule>, { protocol }: URL): boolean =>
  verdict === 'allowed' || (verdict === 'public' && protocol === 'https:')

/** Sends it. Never throws: whatever happens is a result. */
export function postWebhook(deps: PostDeps, message: Message): Promise<TryResult> {
  const url = URL.parse(message.url)
  if (!url || message.secrets.length === 0) return Promise.resolve({ error: 'no-secret' })
  const isOpen = (address: string) => isPublicEnough(deps.addressRule(address), url)
  const host = hostOf(url)
  // An address needs no lookup, so it is judged here.
  if (isIP(host) !== 0 && !isOpen(host)) return Promise.resolve({ error: 'address-refused' })
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(deps.timeoutMs ?? TIMEOUT_MS)
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest
    const request = send(url, {
      method: 'POST',
      // A connection of its own, made to an address that was judged for it.
      agent: false,
      lookup: judgedLookup(deps.lookup ?? systemLookup, isOpen),
      signal,
      headers: headersOf(message),
    })
    request.once('response', (response) => resolve(readAnswer(request, response)))
    request.once('error', (error) => resolve({ error: errorOf(error, signal) }))
    request.end(message.body)
  })
}

const headersOf = (message: Message) => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(message.body),
  'user-agent': 'healthcare-appointment-system webhooks',
  'webhook-id': message.id,
  'webhook-timestamp': String(message.timestamp),
  'webhook-signature': signatureOf(message),
})

class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED'
}

/** Resolves a name and refuses it whole when one of its addresses may not be called: which one is used would be chance. */
const judgedLookup =
  (lookup: typeof systemLookup, isOpen: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const [first] = addresses
      if (!first || !addresses.every(({ address }) => isOpen(address))) {
        return callback(new AddressRefused('This name leads to an address that may not be called'), '', 0)
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }

/** The status is the answer; a redirect is one like any other, and not followed. */
function readAnswer(request: ClientRequest, response: IncomingMessage): TryResult {
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MOST_BODY_BYTES) request.destroy()
  })
  response.on('error', () => undefined)
  const wished = Number(response.headers['retry-after'])
  return {
    status: response.statusCode ?? 0,
    ...(Number.isFinite(wished) && wished > 0 && { retryAfterMs: wished * 1000 }),
  }
}

function errorOf(error: Error, signal: AbortSignal) {
  if ((error as { code?: unknown }).code === 'ADDRESS_REFUSED') return 'address-refused'
  return signal.aborted ? 'timeout' : 'unreachable'
}
