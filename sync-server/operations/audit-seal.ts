/**
 * The audit's seals. A hash chain shows every change in its middle, but not that its end was cut off: whoever can write the
 * tables can move the head back. So the heads are signed once a day with a key that is not in the database, each seal over the
 * signature before it. Where old rows were removed by policy, a seal says where their chain begins now.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { ClinicId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'
import { insertSeal, listHeadsSince, lockLastSeal } from '#server/repositories/audit-seals.ts'
import type { DailyTask } from './housekeeping.ts'

/** A place in a chain, with the hash of the row there. */
export type ChainPlace = { readonly chain: string; readonly seq: number; readonly hash: string }
export type SealRow = Tables['audit_seals']

export type SealKey = { sign(text: string): string }

/** @param secretKey of the server; who does not know it can neither make nor check a seal */
export function createSealKey(secretKey: string): SealKey {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'audit seals', 32))
  return { sign: (text) => createHmac('sha256', key).update(text).digest('hex') }
}

type Seal = {
  readonly clinicId: ClinicId
  readonly at: Instant
  /** Chains that now begin behind these places. */
  readonly beginnings?: readonly ChainPlace[]
}

/** Signs where the clinic's chains end now, as far as they have moved since the last seal. Returns the seal. */
export async function sealAudit(tx: Tx, key: SealKey, { clinicId, at, beginnings = [] }: Seal): Promise<SealRow> {
  const last = await lockLastSeal(tx, clinicId)
  const heads = await listHeadsSince(tx, clinicId, last ? last.at - CLOCKS_APART_MS : 0)
  const row = {
    clinic_id: clinicId,
    number: (last?.number ?? 0) + 1,
    at,
    heads: JSON.stringify(heads),
    beginnings: JSON.stringify(beginnings),
    previous_signature: last?.signature ?? '',
  }
  const seal = { ...row, signature: signatureOf(key, row) }
  await insertSeal(tx, seal)
  return seal
}

/** Heads are picked by their time, and instances have clocks of their own. */
const CLOCKS_APART_MS = 60 * 60 * 1000

export const isSignedBy = (key: SealKey, { signature, ...row }: SealRow): boolean =>
  isEqual(Buffer.from(signature), Buffer.from(signatureOf(key, row)))

const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

const signatureOf = (key: SealKey, row: Omit<SealRow, 'signature'>): string => key.sign(canonicalText(row))

/** What a seal's text columns hold. */
export const placesOf = (text: string): readonly ChainPlace[] => JSON.parse(text) as ChainPlace[]

type DailyDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly sealKey: SealKey
  readonly log: { info(fields: object, text: string): void }
}

/** Seals every day. The log carries number and signature out of the database's reach: what verify says must not fall short of it. */
export const sealDaily = ({ database, now, sealKey, log }: DailyDeps): DailyTask => ({
  name: 'seal-audit',
  run: async (clinicId) => {
    const { number, signature } = await database.write((tx) => sealAudit(tx, sealKey, { clinicId, at: now() }))
    log.info({ clinicId, number, signature }, 'audit sealed')
  },
})
