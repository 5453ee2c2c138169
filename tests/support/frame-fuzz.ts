/**
 * Frames as nobody should send them, and how RFC 6455 and docs/sync.md say each must end: the judge is written from these two, not
 * from the server's code.
 */
import type { SeededRandom } from '#domain/demo/seeded-random.ts'
import { MAX_FRAME_BYTES } from '#domain/sync/protocol-version.ts'
import { aPatient, testId } from './builders.ts'

export type FuzzFrame = {
  readonly data: Buffer
  readonly isBinary: boolean
  /** Sent as so many fragments. */
  readonly pieces: number
  /** What the connection must be closed with, whoever sent it; null when it goes on. */
  readonly closes: number | null
}

const patient = { ...aPatient({ id: testId('Patient', 1) }), _deleted: false }
/** Requests of the protocol; the last one belongs before everything else. */
const VALID: readonly object[] = [
  { id: '1', collection: 'patients', method: 'masterChangesSince', params: [null, 10] },
  { id: '2', collection: 'patients', method: 'masterChangesSince', params: [{ lwt: 4, id: '' }, 10] },
  {
    id: '3',
    collection: 'patients',
    method: 'masterWrite',
    params: [[{ newDocumentState: patient, assumedMasterState: patient }]],
  },
  { id: '4', collection: 'appointments', method: 'masterWrite', params: [[{ newDocumentState: patient }]] },
  { id: '5', collection: 'doctors', method: 'masterChangeStream$', params: [] },
  { id: '6', collection: '', method: 'ping', params: [] },
  { id: '7', collection: '', method: 'auth', params: [{ authorization: 'Bearer wrong-token' }] },
]

const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  '',
  'x'.repeat(5_000),
  '\u0000',
  '\ud800',
  [],
  [[]],
  {},
  { __proto__: 1 },
  { constructor: { prototype: {} } },
  "' or 1=1 --",
  '../../etc/passwd',
  '__proto__',
  Number.MAX_SAFE_INTEGER + 2,
]

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

/** A copy in which one value, somewhere, is another one, gone, or renamed. */
function mutated(value: unknown, random: SeededRandom): unknown {
  if (value === null || typeof value !== 'object' || random.chance(0.25)) return random.pick(ODD)
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.2)) return [...value, random.pick(ODD)]
    const at = random.between(0, value.length - 1)
    return value.map((item, index) => (index === at ? mutated(item, random) : item))
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return random.pick(ODD)
  const [name, item] = random.pick(entries)
  if (random.chance(0.1)) return Object.fromEntries(entries.filter(([other]) => other !== name))
  if (random.chance(0.15)) return { ...value, [String(random.pick(ODD)).slice(0, 40)]: random.pick(ODD) }
  return { ...value, [name]: mutated(item, random) }
}

/** Text that is a frame, nearly one, or nothing of the kind. @param requests the kinds it may be made from */
function aText(random: SeededRandom, requests: readonly object[]): string {
  const kind = random.next()
  const valid = random.pick(requests)
  const text = JSON.stringify(valid)
  if (kind < 0.62) return text
  if (kind < 0.86) {
    // The outermost object stays most of the time: most of what can go wrong lies inside.
    const { params, ...rest } = valid as { params: unknown }
    return JSON.stringify(random.chance(0.8) ? { ...rest, params: mutated(params, random) } : mutated(valid, random))
  }
  if (kind < 0.9) return JSON.stringify({ ...valid, params: nested(random.between(20, 40)) })
  if (kind < 0.94) return text.slice(0, random.between(0, text.length - 1))
  const at = random.between(0, text.length - 1)
  return text.slice(0, at) + String.fromCharCode(random.between(1, 65_535)) + text.slice(at + 1)
}

/** @param isSignedIn false leaves sign-ins out: a wrong one ends the connection by itself */
export function aFuzzFrame(random: SeededRandom, isSignedIn: boolean): FuzzFrame {
  const kind = random.next()
  const pieces = random.chance(0.1) ? random.between(2, 4) : 1
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => random.between(0, 255)))
  if (kind < 0.015) return { data: bytes(random.between(1, 200)), isBinary: true, pieces, closes: 1003 }
  if (kind < 0.03) {
    // A byte that begins nothing and continues nothing, somewhere in good text.
    const good = Buffer.from(JSON.stringify(random.pick(VALID)))
    const at = random.between(0, good.length)
    const data = Buffer.concat([good.subarray(0, at), Buffer.from([0xff]), good.subarray(at)])
    return { data, isBinary: false, pieces, closes: 1007 }
  }
  if (kind < 0.0305) return { data: Buffer.alloc(MAX_FRAME_BYTES + 1, 32), isBinary: false, pieces: 1, closes: 1009 }
  const text = aText(random, isSignedIn ? VALID : VALID.slice(0, -1))
  return { data: Buffer.from(text), isBinary: false, pieces, closes: codeOfText(Buffer.from(text).toString()) }
}

/** docs/sync.md, section 1: no JSON object, nested deeper than 32, or without an id. */
function codeOfText(text: string): number | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 1007
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) || depthOf(value) > 32) return 1007
  const { id } = value as { readonly id?: unknown }
  return typeof id === 'string' && id !== '' && id.length <= 128 ? null : 1007
}

const depthOf = (value: unknown): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf))

/** A client's frame: opcode, mask of zeros, payload. */
export function rawFrame(
  opcode: number,
  payload: Buffer,
  { isMasked = true, isFinal = true, reserved = 0 } = {},
): Buffer {
  const head = Buffer.from([
    (isFinal ? 0x80 : 0) | (reserved << 4) | opcode,
    (isMasked ? 0x80 : 0) | (payload.length > 125 ? 126 : payload.length),
  ])
  const length = Buffer.alloc(payload.length > 125 ? 2 : 0)
  if (length.length > 0) length.writeUInt16BE(payload.length)
  return Buffer.concat([head, length, ...(isMasked ? [Buffer.alloc(4)] : []), payload])
}

/** Bytes that break the framing itself in one random way: RFC 6455, section 5 and 7.4, calls each of them a protocol error. */
export function aBrokenFrame(random: SeededRandom): Buffer {
  const text = Buffer.from(JSON.stringify(random.pick(VALID)))
  const short = text.subarray(0, random.between(0, 125))
  const control = random.pick([8, 9, 10])
  return random.pick([
    () => rawFrame(1, text, { isMasked: false }),
    () => rawFrame(random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), short),
    () => rawFrame(random.pick([1, 2, 8, 9, 10]), short, { reserved: random.between(1, 7) }),
    () => rawFrame(0, short),
    () => rawFrame(control, short, { isFinal: false }),
    () => rawFrame(control, Buffer.alloc(random.between(126, 1_000), 32)),
    () => rawFrame(8, Buffer.from([random.between(0, 255)])),
    // A code below 1000 says nothing.
    () => rawFrame(8, Buffer.from([random.between(0, 2), random.between(0, 255)])),
    // A new message before the last fragment of the one before.
    () => Buffer.concat([rawFrame(1, short, { isFinal: false }), rawFrame(1, short)]),
  ])()
}
