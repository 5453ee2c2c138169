/**
 * One number for all that a replica holds, so that two of them can be compared without sending either: 32 bits of FNV-1a over id and
 * count of writes of each document (Fowler, Noll, Vo; draft-eastlake-fnv), joined by exclusive or, which asks for no order. A document too
 * many, one too few and one that is too old show themselves; that two faults cancel each other out is one chance in four billion.
 */
export type ReplicaSum = { readonly count: number; readonly sum: number }

type Counted = { readonly id: string; readonly revision: number }

/** @param except ids that are left out */
export function replicaSum(documents: Iterable<Counted>, except: ReadonlySet<string> = new Set()): ReplicaSum {
  let [count, sum] = [0, 0]
  for (const { id, revision } of documents) {
    if (except.has(id)) continue
    count += 1
    sum ^= fnv1a(`${id}:${revision}`)
  }
  return { count, sum: sum >>> 0 }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}
