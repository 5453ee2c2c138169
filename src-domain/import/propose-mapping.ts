import type { ImportMappingView } from '#domain/api/import-api.ts'

export type Proposal = {
  /** The kind of file whose columns are all there. */
  readonly mapping: ImportMappingView | null
  /** Where none fits: the one that comes nearest, and what the file lacks for it. */
  readonly nearest: ImportMappingView | null
  readonly missing: readonly string[]
}

/** Which kind of file this is, by the first line of it. Columns in quotes and in any order are understood. */
export function proposeMapping(firstLine: string, mappings: readonly ImportMappingView[]): Proposal {
  const columns = new Set(
    firstLine
      .replace(/^\uFEFF/, '')
      .split(',')
      .map((name) => name.trim().replace(/^"(.*)"$/, '$1')),
  )
  const ranked = mappings
    .map((mapping) => ({ mapping, missing: mapping.columns.filter((column) => !columns.has(column)) }))
    .toSorted((a, b) => a.missing.length - b.missing.length)
  const [best] = ranked
  if (!best) return { mapping: null, nearest: null, missing: [] }
  if (best.missing.length === 0) return { mapping: best.mapping, nearest: null, missing: [] }
  return { mapping: null, nearest: best.mapping, missing: best.missing }
}
