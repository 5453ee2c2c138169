import { createHash } from 'node:crypto'
import type { Id } from '#domain/ids.ts'

/** The same id for the same parts: a hash in the shape of a UUID (version 8, RFC 9562). */
export function hashedId<Kind extends string>(parts: readonly string[]): Id<Kind> {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Id<Kind>
}
