/** Whether a pushed document has the shape of its collection, in a form that every engine stores as it is. */
import { Compile } from 'typebox/compile'
import { COLLECTION_NAMES, type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import { shapeProblem } from '#domain/sync/shape-problem.ts'
import { LAST_DAY } from '#domain/time/instant.ts'

export type CheckedDocument<Name extends CollectionName> =
  | { readonly ok: true; readonly document: WireDocument<Name> }
  | { readonly ok: false; readonly field: string }

const VALIDATORS = new Map(COLLECTION_NAMES.map((name) => [name, Compile(definitionOf(name).schema)]))

/** What RxDB may add to a document and no schema knows. */
const BOOKKEEPING = new Set(['_deleted', '_rev', '_meta', '_attachments'])

/** Parses what a client pushed; `field` names the first thing wrong with it. */
export function checkDocument<Name extends CollectionName>(
  name: Name,
  pushed: { readonly _deleted: boolean },
): CheckedDocument<Name> {
  const content = Object.fromEntries(Object.entries(pushed).filter(([field]) => !BOOKKEEPING.has(field)))
  const validator = VALIDATORS.get(name)
  if (!validator?.Check(content)) return { ok: false, field: shapeProblem(validator?.Errors(content) ?? []).field }
  const broken = Object.entries(content).find(([field, value]) => !isStorable(value, maxLengthOf(name, field)))
  if (broken) return { ok: false, field: broken[0] }
  // Hours must be instants; a template's end may lie in the year 9999 and mean never.
  if (name === 'schedules' && String((content as { date?: unknown }).date) > LAST_DAY)
    return { ok: false, field: 'date' }
  return { ok: true, document: { ...content, _deleted: pushed._deleted } as WireDocument<Name> }
}

const maxLengthOf = (name: CollectionName, field: string): number =>
  (definitionOf(name).schema.properties[field] as { maxLength?: number } | undefined)?.maxLength ??
  Number.MAX_SAFE_INTEGER

/**
 * Text without half characters and NUL, no longer than its column: the column counts code points, a schema may count
 * what looks like one character.
 */
function isStorable(value: unknown, maxLength: number): boolean {
  if (typeof value === 'string')
    return isPlainText(value) && (value.length <= maxLength || [...value].length <= maxLength)
  if (value === null || typeof value !== 'object') return true
  return Object.values(value).every((part) => isStorable(part, Number.MAX_SAFE_INTEGER))
}

const isPlainText = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')
