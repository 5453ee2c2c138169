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

// Written out for speed: every stored document passes here twice.
function write(value: Json | undefined): string {
  if (value === undefined) return 'null'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  const object = value as { readonly [key: string]: Json | undefined }
  let fields = ''
  for (const key of Object.keys(object).sort()) {
    const field = object[key]
    if (field === undefined || BOOKKEEPING.has(key)) continue
    fields += `${fields === '' ? '' : ','}${JSON.stringify(key)}:${write(field)}`
  }
  return `{${fields}}`
}

/** True when a field says the same in both documents. */
export const isSameField = (a: object, b: object, field: string): boolean => valueText(a, field) === valueText(b, field)

const valueText = (document: object, field: string): string =>
  canonicalText({ value: (document as Readonly<Record<string, unknown>>)[field] })
