/** What the author of a change saw of the document: its count of writes, one of several, or whatever it is by now. */
export type SeenRevision = number | readonly number[] | 'any'

/** A body whose revision may also have come in another form. */
export type WithSeen<Body extends { readonly revision?: number }> = Omit<Body, 'revision'> & {
  readonly revision: SeenRevision
}

export function wasSeen(seen: SeenRevision, revision: number): boolean {
  if (seen === 'any') return true
  return typeof seen === 'number' ? seen === revision : seen.includes(revision)
}
