/**
 * What arrived on a sync socket, parsed: a frame of the protocol, a request that can be answered with an error, or
 * something that has no id to answer to and ends the socket.
 */
import { Compile } from 'typebox/compile'
import { shapeProblem } from '#domain/sync/shape-problem.ts'
import {
  authFrameSchema,
  type ClientFrame,
  pingFrameSchema,
  pullFrameSchema,
  pushFrameSchema,
  streamFrameSchema,
} from '#domain/sync/wire-messages.ts'

/** Nothing in the protocol nests deeper than this; deeper JSON is made to exhaust a stack. */
export const MAX_DEPTH = 32

/** RFC 6455, section 7.4.1: data of a kind that is not taken, and text that is not what it claims to be. */
export const CLOSE_UNSUPPORTED = 1003
export const CLOSE_INVALID = 1007

/** A request as far as an answer to it needs it. */
export type Asked = {
  readonly id: string
  readonly collection: string
  readonly method: string
  readonly params: unknown
}
/** Something with an id, so that it can be answered. */
export type Request =
  | { readonly kind: 'frame'; readonly asked: Asked; readonly frame: ClientFrame }
  | { readonly kind: 'bad-request'; readonly asked: Asked; readonly field: string; readonly message: string }
export type ParsedFrame = Request | { readonly kind: 'fatal'; readonly code: number; readonly message: string }

const METHODS = {
  auth: Compile(authFrameSchema),
  ping: Compile(pingFrameSchema),
  masterChangeStream$: Compile(streamFrameSchema),
  masterChangesSince: Compile(pullFrameSchema),
  masterWrite: Compile(pushFrameSchema),
} as const

/** Parses one message of a socket; never throws. */
export function parseFrame(text: string): ParsedFrame {
  if (isDeeperThan(text, MAX_DEPTH)) return fatal('The frame is nested too deeply.')
  const value = parseJson(text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return fatal('The frame is no JSON object.')
  const { id, collection, method, params } = value as Record<string, unknown>
  if (typeof id !== 'string' || id === '' || id.length > 128) return fatal('The frame has no usable id.')
  const name = typeof collection === 'string' && collection.length <= 64 ? collection : ''
  const asked: Asked = { id, collection: name, method: String(method).slice(0, 64), params }
  if (!isMethod(asked.method)) {
    return { kind: 'bad-request', asked, field: 'method', message: 'The method is not part of the protocol.' }
  }
  const validator = METHODS[asked.method]
  if (validator.Check(value)) return { kind: 'frame', asked, frame: value as ClientFrame }
  const { field, message } = shapeProblem(validator.Errors(value))
  return { kind: 'bad-request', asked, field, message: `The frame's ${field || 'shape'} ${message}.` }
}

const isMethod = (text: string): text is keyof typeof METHODS => Object.hasOwn(METHODS, text)

const fatal = (message: string): ParsedFrame => ({ kind: 'fatal', code: CLOSE_INVALID, message })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** True when brackets outside of strings nest deeper than `limit`. */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) isInString = false
    } else if (code === QUOTE) isInString = true
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > limit) return true
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
  }
  return false
}

const QUOTE = 34
const BACKSLASH = 92
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
