/** The desk's list of patients who may be one person. */
import { can, type Subject } from '#domain/access/can.ts'
import type { DuplicatePair, LikelyDuplicate } from '#domain/api/account-schemas.ts'
import { listLikelyDuplicates, settleLikelyDuplicate } from '#server/repositories/likely-duplicates.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'

type Deps = Pick<AccountDeps, 'database' | 'audit' | 'now'>

/** The open pairs; reading them is noted like any reading of patients. */
export async function listDuplicates(
  { database, audit }: Deps,
  subject: Subject,
): Promise<{ readonly ok: true; readonly duplicates: LikelyDuplicate[] } | Refused<'not-allowed'>> {
  const { clinicId, userId } = subject
  if (!can(subject, 'manage-patients', { clinicId })) return refuse('not-allowed')
  const duplicates = await database.read((tx) => listLikelyDuplicates(tx, clinicId))
  const documentIds = [...new Set(duplicates.flatMap(({ patientId, otherId }) => [patientId, otherId]))]
  if (documentIds.length > 0) await audit({ clinicId, userId, action: 'listed', collection: 'patients', documentIds })
  return { ok: true, duplicates }
}

/** Takes a pair off the list: somebody has looked, whatever they found. */
export async function settleDuplicate(
  { database, audit, now }: Deps,
  subject: Subject,
  pair: DuplicatePair,
): Promise<{ readonly ok: true } | Refused<'not-allowed' | 'not-found'>> {
  const { clinicId, userId } = subject
  if (!can(subject, 'manage-patients', { clinicId })) return refuse('not-allowed')
  const isSettled = await database.write((tx) => settleLikelyDuplicate(tx, { clinicId, ...pair }, userId, now()))
  if (!isSettled) return refuse('not-found')
  const documentIds = [pair.patientId, pair.otherId]
  await audit({ clinicId, userId, action: 'duplicate-settled', collection: 'patients', documentIds })
  return { ok: true }
}
