/**
 * Follows the audit from its first row to its signed heads. Changed, removed, inserted and reordered rows break a chain; rows
 * cut off its end contradict a seal; a seal that was changed, removed or made without the key contradicts its neighbours.
 */
import type { ClinicId } from '#domain/ids.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { listAuditChains, listAuditRows } from '#server/repositories/append-only.ts'
import { listSeals } from '#server/repositories/audit-seals.ts'
import { EMPTY_CHAIN, hashOfRow } from './audit-chain.ts'
import { type ChainPlace, isSignedBy, placesOf, type SealKey, type SealRow } from './audit-seal.ts'

/** Where the audit was tampered with, in a chain or in the seals. `seq` is the first row that does not fit. */
export type BrokenChain = {
  readonly chain: string
  readonly seq: number
  readonly fault: 'row' | 'end' | 'seal'
}

const SEALS = 'seals'
const ROWS_AT_ONCE = 2_000

/**
 * Without a key the seals' signatures are taken as they are.
 * @returns every break that was found, one per chain and one for the seals at most; none where all is well
 */
export const verifyAudit = (
  database: Database,
  clinicId: ClinicId,
  key: SealKey | null = null,
): Promise<readonly BrokenChain[]> => database.read((tx) => findBreaks(tx, clinicId, key))

async function findBreaks(tx: Tx, clinicId: ClinicId, key: SealKey | null): Promise<readonly BrokenChain[]> {
  const seals = await listSeals(tx, clinicId)
  const brokenSeal = key === null ? undefined : findBrokenSeal(seals, key)
  if (brokenSeal !== undefined) return [{ chain: SEALS, seq: brokenSeal, fault: 'seal' }]
  const beginnings = new Map(seals.flatMap(({ beginnings }) => placesOf(beginnings)).map((one) => [one.chain, one]))
  const sealed = sealedPlaces(seals)
  const heads = new Map((await listAuditChains(tx, clinicId)).map((head) => [head.chain, head]))
  const broken: BrokenChain[] = []
  for (const chain of new Set([...heads.keys(), ...sealed.keys()])) {
    const start = beginnings.get(chain) ?? { chain, ...EMPTY_CHAIN }
    const found = await followChain(tx, clinicId, start, sealed.get(chain) ?? [])
    if (found.fault) broken.push({ chain, seq: found.seq + 1, fault: found.fault })
    else if (heads.get(chain)?.seq !== found.seq || heads.get(chain)?.hash !== found.hash)
      broken.push({ chain, seq: found.seq + 1, fault: 'end' })
  }
  return broken
}

/** The number of the first seal that is not ours or not in its place. */
function findBrokenSeal(seals: readonly SealRow[], key: SealKey): number | undefined {
  const broken = seals.find((seal, index) => {
    const isInPlace = seal.number === index + 1 && seal.previous_signature === (seals[index - 1]?.signature ?? '')
    return !isInPlace || !isSignedBy(key, seal)
  })
  return broken?.number
}

function sealedPlaces(seals: readonly SealRow[]): ReadonlyMap<string, readonly ChainPlace[]> {
  const places = new Map<string, ChainPlace[]>()
  for (const place of seals.flatMap(({ heads }) => placesOf(heads))) {
    places.set(place.chain, [...(places.get(place.chain) ?? []), place])
  }
  return places
}

type Followed = { readonly seq: number; readonly hash: string; readonly fault?: BrokenChain['fault'] }

/** The last row that fits. Every sealed place it passes must carry the sealed hash, and none may lie beyond the end. */
async function followChain(
  tx: Tx,
  clinicId: ClinicId,
  start: ChainPlace,
  sealed: readonly ChainPlace[],
): Promise<Followed> {
  const expected = new Map(sealed.filter(({ seq }) => seq >= start.seq).map(({ seq, hash }) => [seq, hash]))
  let { seq, hash } = start
  const isUnsealedHere = () => expected.has(seq) && expected.get(seq) !== hash
  for (let after = 0; ; after = seq) {
    const rows = await listAuditRows(tx, clinicId, start.chain, { after, limit: ROWS_AT_ONCE })
    for (const row of rows) {
      const fits = row.seq === seq + 1 && row.previous_hash === hash && hashOfRow(row) === row.hash
      if (!fits) return { seq, hash, fault: 'row' }
      seq = row.seq
      hash = row.hash
      if (isUnsealedHere()) return { seq: seq - 1, hash, fault: 'row' }
    }
    if (rows.length < ROWS_AT_ONCE) break
  }
  const isCutOff = [...expected.keys()].some((place) => place > seq)
  return isCutOff ? { seq, hash, fault: 'end' } : { seq, hash }
}
