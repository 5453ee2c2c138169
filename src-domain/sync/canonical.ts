/** One text for one content: the notion of equality that the server's hash and the client's comparison share. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Names that RxDB adds to a document and that are no content. */
const BOOKKEEPING = new Set(['_rev', '_meta', '_attachments'])

/**
 * JSON with sorted keys; undefined values and RxDB's bookkeeping are left out, a missing `_deleted` counts as false.
 * Two documents are the same content exactly when their canonical texts are equal.
 */
export function canonicalText(document: unknown): string {
  const value = document as { readonly [key: string]: Json | undefined; readonly _deleted?: boolean }
  return write({ ...value, _deleted: value._deleted === true })
}

/** The canonical text without the server's count of writes: what decides whether a push changes anything. */
export function contentText(document: unknown): string {
  const { revision: _, updatedAt: __, ...content } = document as { revision?: unknown; updatedAt?: unknown }
  return canonicalText(content)
}

function write(value: Json | undefined): string {
  if (value === undefined) return 'null'
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const object = value as { readonly [key: string]: Json | undefined; readonly _deleted?: boolean }
  const keys = Object.keys(object)
    .filter((key) => object[key] !== undefined && !BOOKKEEPING.has(key))
    .sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${write(object[key])}`).join(',')}}`
}
