import type { VisitChange } from '#domain/api/activity-api.ts'

type Content = Readonly<Record<string, unknown>>

/** Counts of writes and what says nothing to a reader. */
const UNSAID: ReadonlySet<string> = new Set([
  'id',
  'clinicId',
  'revision',
  'updatedAt',
  'createdAt',
  'zone',
  '_deleted',
])

/** The fields in which two versions of a visit differ, in the order of the later one; without an earlier one, all that say something. */
export function visitChanges(before: Content | null, after: Content): VisitChange['fields'] {
  return Object.keys(after).flatMap((field) => {
    if (UNSAID.has(field)) return []
    const change = { field, before: before ? textOf(before[field]) : null, after: textOf(after[field]) }
    return change.before === change.after ? [] : [change]
  })
}

/** Null for what is empty. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
