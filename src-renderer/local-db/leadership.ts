/**
 * Which tab or window replicates: the one that holds the Web Lock. The browser hands the lock on when its holder closes or
 * crashes, so nobody has to be declared dead by a time limit.
 */

/** The part of `navigator.locks` that is used. */
export type Locks = Pick<LockManager, 'request'>

export type LeadershipOptions = {
  /** Null where nobody shares the data: this tab leads at once. */
  readonly locks: Locks | null
  readonly name: string
  /** This tab has the lead and keeps it until it stops. */
  readonly onLead: () => void
  /** Another tab has the lead; it may still come to this one. */
  readonly onFollow: () => void
}

/** @returns a function that gives the lead back, or stops waiting for it */
export function seekLead({ locks, name, onLead, onFollow }: LeadershipOptions): () => void {
  const end = new AbortController()
  if (!locks) {
    onLead()
    return () => {}
  }
  const untilEnd = new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve(), { once: true }))
  const lead = (): Promise<void> => {
    if (!end.signal.aborted) onLead()
    return end.signal.aborted ? Promise.resolve() : untilEnd
  }
  const seek = async () => {
    const hadIt = await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await lead()
      return lock !== null
    })
    if (hadIt || end.signal.aborted) return
    onFollow()
    await locks.request(name, { signal: end.signal }, lead)
  }
  void seek().catch((error: unknown) => {
    if (!end.signal.aborted) throw error
  })
  return () => end.abort()
}
