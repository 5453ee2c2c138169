/**
 * The erasures as a file beside the database: ids alone, a line each. A backup of the database that is restored brings erased
 * people back; the file does not go back with it, so the next start erases them again.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERASURE_REASONS } from '#domain/api/privacy-api.ts'
import { isId } from '#domain/ids.ts'
import type { Database } from './database/database.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { type Erased, reapplyErasures } from './operations/erase-person.ts'
import { listClinics } from './repositories/clinic-rows.ts'
import { listErasures } from './repositories/erasures.ts'

export type KeptErasures = {
  readonly keep: (erased: Erased) => void
  readonly list: () => Erased[]
}

export function keptErasuresIn(folder: string): KeptErasures {
  const file = join(folder, 'erasures.jsonl')
  return {
    keep: (erased) => appendFileSync(file, `${JSON.stringify(erased)}\n`, { mode: 0o600 }),
    list: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(erasedIn) : []),
  }
}

/**
 * Brings file and database to agree, before anybody is served.
 * @returns how many people were erased again
 */
export async function settleErasures(
  { database, writer }: { readonly database: Database; readonly writer: ClinicWriter },
  kept: KeptErasures,
): Promise<number> {
  const clinics = new Set((await database.read(listClinics)).map(({ id }) => id))
  const inFile = kept.list().filter(({ clinicId }) => clinics.has(clinicId))
  const known = new Set(inFile.map(({ patientId }) => patientId))
  for (const { clinic_id: clinicId, patient_id: patientId, reason } of await database.read(listErasures)) {
    if (!known.has(patientId)) kept.keep({ clinicId, patientId, reason } as Erased)
  }
  return reapplyErasures({ writer }, inFile)
}

/** A line that was cut off by a crash says nothing. */
function erasedIn(line: string): Erased[] {
  try {
    const { clinicId, patientId, reason } = JSON.parse(line) as Partial<Erased>
    const isWhole = isId(String(clinicId)) && isId(String(patientId)) && ERASURE_REASONS.includes(reason as never)
    return isWhole ? [{ clinicId, patientId, reason } as Erased] : []
  } catch {
    return []
  }
}
