/** Which visits somebody else has just changed: what came from the server and was not sent from here. */
import { useEffect, useMemo, useState } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { useUnsent } from '#renderer/local-db/local-db-context.tsx'
import { CHANGED_FOR_MS } from './sync-states.ts'

type Watched = Pick<Appointment, 'id' | 'revision'>

/** Follows what is seen of visits and tells the own changes from those of others. */
export class ForeignChanges {
  readonly #seen = new Map<string, number>()
  /** Changed here since their last count of writes: the next one answers that. */
  readonly #own = new Set<string>()
  /** Until when, by the page's own clock, a change of somebody else's is shown. */
  readonly #shownUntil = new Map<string, number>()
  #scope: string | null = null

  /**
   * @param scope what is looked at, such as a day; in a new one everything is seen for the first time
   * @param at milliseconds of any clock that only goes forward
   * @returns the ids that somebody else changed, or added, within the last moment
   */
  look(scope: string, visits: readonly Watched[], unsent: ReadonlySet<string>, at: number): ReadonlySet<string> {
    const isNew = scope !== this.#scope
    this.#scope = scope
    if (isNew) this.#seen.clear()
    for (const id of unsent) this.#own.add(id)
    for (const visit of visits) {
      if (this.#isForeign(visit, isNew)) this.#shownUntil.set(visit.id, at + CHANGED_FOR_MS)
    }
    for (const { id, revision } of visits) this.#seen.set(id, revision)
    for (const [id, until] of this.#shownUntil) if (until <= at) this.#shownUntil.delete(id)
    return this.#shownUntil.size === 0 ? NOBODY : new Set(this.#shownUntil.keys())
  }

  #isForeign({ id, revision }: Watched, isNew: boolean): boolean {
    const before = this.#seen.get(id)
    if (before !== undefined && revision <= before) return false
    const isOwn = this.#own.has(id)
    // A new booking of one's own has no count before the server gives it one.
    if (revision > 0) this.#own.delete(id)
    return !isNew && !isOwn && revision > 0
  }
}

const NOBODY: ReadonlySet<string> = new Set()

/** The visits to tint now. `visits` are undefined while they are read. */
export function useForeignChanges(scope: string, visits: readonly Watched[] | undefined): ReadonlySet<string> {
  const unsent = useUnsent('appointments')
  const [watch] = useState(() => new ForeignChanges())
  const [looks, setLooks] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again when the tint is over
  const changed = useMemo(
    () => (visits ? watch.look(scope, visits, unsent, performance.now()) : NOBODY),
    [watch, scope, visits, unsent, looks],
  )
  useEffect(() => {
    if (changed.size === 0) return
    const timer = setTimeout(() => setLooks((count) => count + 1), CHANGED_FOR_MS)
    return () => clearTimeout(timer)
  }, [changed])
  return changed
}
