/** Which few of many free times to read out to a caller. */
import type { Proposal } from './slots.ts'

/**
 * The first times of the doctors the caller knows, then the earliest of others, each other doctor once before anyone is named
 * twice. What is left over goes to whoever is free first. Read out in order of time, those of known doctors before the others.
 * @param free in order of time
 * @param known the caller's own doctor first
 */
export function pickProposals<DoctorKey extends string, Free extends Proposal<DoctorKey>>(
  free: readonly Free[],
  known: readonly DoctorKey[],
  limit: number,
): Free[] {
  const ofKnown = known.flatMap((doctorId) => free.filter((slot) => slot.doctorId === doctorId).slice(0, OF_KNOWN))
  const others = free.filter(({ doctorId }) => !known.includes(doctorId))
  const firstOfEach = others.filter((slot, at) => others.findIndex(({ doctorId }) => doctorId === slot.doctorId) === at)
  const isKnown = (slot: Free): number => (known.includes(slot.doctorId) ? 0 : 1)
  return [...new Set([...ofKnown.slice(0, OF_KNOWN), ...firstOfEach, ...free])]
    .slice(0, limit)
    .sort((a, b) => isKnown(a) - isKnown(b) || a.start - b.start)
}

/** So many times of one's own doctor leave room for a colleague's earlier one. */
const OF_KNOWN = 2
