import { useEffect, useMemo, useRef } from 'react'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import type { Choice, Slot, Slots, Wanted } from './slot-types.ts'
import type { Draft } from './use-draft.ts'

/** The time chosen by hand while it is still offered, overbooked ones only so; otherwise the one pointed at or named, otherwise the first proposal. */
export function useChoice(
  slots: Slots | undefined,
  wanted: Wanted | null,
  { wish, doctorId }: Pick<Draft, 'wish' | 'doctorId'>,
): readonly [Choice | null, (slot: Slot) => void] {
  const [picked, setPicked] = useKept<Slot | null>('slot', null)
  const isFirst = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: pointing somewhere else, or asking for something else, is a new choice
  useEffect(() => {
    // What was chosen before a lock still is.
    if (!isFirst.current) setPicked(null)
    isFirst.current = false
  }, [wanted, wish, doctorId])
  const free = [...(slots?.asked.filter(({ obstacle }) => obstacle === null) ?? []), ...(slots?.proposals ?? [])]
  const isPicked = ({ doctorId: whose, start }: Slot): boolean => whose === picked?.doctorId && start === picked.start
  const full = slots?.asked.find((offer) => offer.canOverbook && isPicked(offer))
  const isAmbiguous = (slots?.asked.length ?? 0) > 1
  const plain = free.find(isPicked) ?? (isAmbiguous ? undefined : free[0])
  const chosen = full ?? plain
  // The same as long as it is the same place: what hangs on it is not asked for again.
  const { doctorId: whose, start } = chosen ?? {}
  const isOverbooked = full !== undefined
  const choice = useMemo(
    () => (whose === undefined || start === undefined ? null : { doctorId: whose, start, isOverbooked }),
    [whose, start, isOverbooked],
  )
  return [choice, setPicked]
}
