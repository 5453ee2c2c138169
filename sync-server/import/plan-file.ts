import { createHash } from 'node:crypto'
import type { ClinicId } from '#domain/ids.ts'
import type { ImportMapping, ImportPlan } from '#domain/import/import-plan.ts'
import { readRows } from './read-rows.ts'

/**
 * What a file comes to in a clinic: rows that cannot be read are problems like those the mapping finds.
 * @throws NotCsv for a file that is none, or lacks columns
 */
export function planFile(mapping: ImportMapping, bytes: Uint8Array, clinicId: ClinicId): ImportPlan {
  const { rows, problems } = readRows(bytes, mapping.columns)
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  const plan = mapping.plan(rows, { clinicId, hash })
  return { ...plan, problems: [...problems, ...plan.problems].sort((a, b) => a.line - b.line) }
}
