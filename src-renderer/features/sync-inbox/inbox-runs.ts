/** What can be done with the entry that is open, for whoever turns commands into keys, menu items and rows of the palette. */
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { CommandId } from '#domain/commands/commands.ts'

export type InboxCommand = Extract<CommandId, `inbox.${string}`>
export type InboxRuns = { readonly [Id in InboxCommand]?: (() => void) | undefined }

/** Empty while no entry is open. */
export const useInboxRuns = create<InboxRuns>(() => ({}))

/** Offers commands while the component is on screen. */
export function useOfferedRuns(runs: InboxRuns): void {
  const latest = useRef(runs)
  latest.current = runs
  const offered = Object.entries(runs)
    .flatMap(([id, run]) => (run ? [id] : []))
    .sort()
    .join(' ')
  useEffect(() => {
    const ids = offered.split(' ').filter(Boolean) as InboxCommand[]
    useInboxRuns.setState(Object.fromEntries(ids.map((id) => [id, () => latest.current[id]?.()])), true)
    return () => useInboxRuns.setState({}, true)
  }, [offered])
}
