import type { RefObject } from 'react'
import { isTextField } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import type { TimeGridHandle } from '#renderer/ui/time-grid/time-grid-props.ts'

/**
 * The keyboard goes to the board as soon as it is drawn, unless it has gone into a field by then: whoever types `g d w` and a name
 * without a pause is in the field of the walk-in already.
 */
export function focusBoard(grid: RefObject<TimeGridHandle | null>): void {
  const before = document.activeElement
  requestAnimationFrame(() => {
    const now = document.activeElement
    if (now === before || !isTextField(now)) grid.current?.focus()
  })
}
