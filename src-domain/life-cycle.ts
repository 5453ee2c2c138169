/**
 * The place of a status in the order of a life; -1 for anything else, of whatever type: what a device sends may be no status at all, and
 * a merge has to be total.
 */
export const rankIn = (order: Readonly<Record<string, number>>, status: unknown): number =>
  typeof status === 'string' && Object.hasOwn(order, status) ? (order[status] ?? -1) : -1
