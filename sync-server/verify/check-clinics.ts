/** Checks every clinic of a database and says in sentences what is wrong. */
import type { Database } from '#server/database/database.ts'
import { createSealKey } from '#server/operations/audit-seal.ts'
import { verifyClinic } from '#server/operations/verify-clinic.ts'
import { listSeals } from '#server/repositories/audit-seals.ts'
import { listClinics } from '#server/repositories/clinic-rows.ts'

/** @returns the number of problems */
export async function checkClinics(database: Database, secretKey: string): Promise<number> {
  const sealKey = createSealKey(secretKey)
  let count = 0
  for (const clinic of await database.read(listClinics)) {
    const problems = await verifyClinic({ database, now: Date.now, sealKey }, clinic.id)
    const last = (await database.read((tx) => listSeals(tx, clinic.id))).at(-1)
    for (const { check, sentence } of problems) console.log(`${clinic.name}, ${check}: ${sentence}`)
    const seal = last ? `seal ${last.number} of ${new Date(last.at).toISOString()}` : 'not sealed yet'
    console.log(`${clinic.name}: ${problems.length === 0 ? 'no problem' : `${problems.length} found`}, ${seal}`)
    count += problems.length
  }
  return count
}
