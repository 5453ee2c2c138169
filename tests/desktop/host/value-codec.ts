/**
 * Carries values through a pipe of text the way structured clone carries them between Electron's processes: dates, maps,
 * sets, bytes, big integers, `undefined` and NaN survive, functions and symbols are refused.
 *
 * The factory's source is also injected into pages, so it may use nothing from this module and only what Node and Chromium
 * both have.
 */
export type Wire =
  | { undefined: 1 }
  | { bigint: string }
  | { number: string }
  | { date: number }
  | { bytes: string }
  | { map: [Wire, Wire][] }
  | { set: Wire[] }
  | { list: Wire[] }
  | { error: string }
  | { fields: [string, Wire][] }
  | { plain: string | number | boolean | null }

export type ValueCodec = { readonly encode: (value: unknown) => Wire; readonly decode: (wire: Wire) => unknown }

export function createValueCodec(): ValueCodec {
  const encode = (value: unknown): Wire => {
    if (value === undefined) return { undefined: 1 }
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return { plain: value }
    if (typeof value === 'bigint') return { bigint: String(value) }
    if (typeof value === 'number') return Number.isFinite(value) ? { plain: value } : { number: String(value) }
    if (typeof value !== 'object') throw new Error('An object could not be cloned.')
    return encodeObject(value)
  }

  const encodeObject = (value: object): Wire => {
    if (value instanceof Date) return { date: value.getTime() }
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return { bytes: toBase64(value) }
    if (value instanceof Map) return { map: [...value].map(([key, item]) => [encode(key), encode(item)]) }
    if (value instanceof Set) return { set: [...value].map(encode) }
    if (Array.isArray(value)) return { list: value.map(encode) }
    if (value instanceof Error) return { error: value.message }
    return { fields: Object.entries(value).map(([key, item]) => [key, encode(item)]) }
  }

  const decode = (wire: Wire): unknown => {
    if ('plain' in wire) return wire.plain
    if ('fields' in wire) return Object.fromEntries(wire.fields.map(([key, item]) => [key, decode(item)]))
    if ('list' in wire) return wire.list.map(decode)
    if ('bytes' in wire) return Uint8Array.from(atob(wire.bytes), (character) => character.charCodeAt(0))
    if ('date' in wire) return new Date(wire.date)
    if ('bigint' in wire) return BigInt(wire.bigint)
    if ('number' in wire) return Number(wire.number)
    if ('map' in wire) return new Map(wire.map.map(([key, item]) => [decode(key), decode(item)]))
    if ('set' in wire) return new Set(wire.set.map(decode))
    if ('error' in wire) return new Error(wire.error)
    return undefined
  }

  const toBase64 = (value: ArrayBuffer | ArrayBufferView): string => {
    const bytes =
      value instanceof ArrayBuffer
        ? new Uint8Array(value)
        : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(text)
  }

  return { encode, decode }
}
