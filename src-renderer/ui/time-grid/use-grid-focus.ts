import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import type { GridCursor, GridMove, GridTarget, Stretch } from './grid-types.ts'
import { toPixels } from './minute-scale.ts'

/**
 * Keeps the keyboard on the cursor while it is inside the grid, also when the card it stood on goes away, and opens the grid
 * with the present a third of the way down.
 * @returns a function that brings the keyboard back into the grid.
 */
export function useGridFocus(
  scroller: RefObject<HTMLElement | null>,
  cursor: GridCursor,
  move: GridMove | null,
  nowMinute: number | null,
  range: Stretch,
  scale: number,
): () => void {
  const isInside = useFocusInside(scroller)
  const focus = useCallback(() => {
    const target = scroller.current?.querySelector<HTMLElement>('[data-cursor]')
    target?.focus({ preventScroll: true })
    target?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [scroller])

  // Places are compared, not objects: a board that is drawn anew must not scroll back to a cursor that has not moved.
  const place = placeOf(cursor)
  const target = move && `${move.item.id} ${placeOf(move.target)}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the cursor or the moved item goes somewhere
  useLayoutEffect(() => {
    if (isInside.current) focus()
  }, [place, target, focus])

  useEffect(() => {
    const isLost = document.activeElement === document.body || document.activeElement === null
    if (isInside.current && isLost) focus()
  })

  const firstMinute = useRef(nowMinute)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || firstMinute.current === null) return
    element.scrollTop = toPixels(firstMinute.current - range.startMinute, scale) - element.clientHeight / 3
  }, [scroller, range.startMinute, scale])
  return focus
}

const placeOf = ({ columnId, minute, itemId = null }: GridTarget & Partial<GridCursor>): string =>
  `${columnId} ${minute} ${itemId}`

/**
 * True from the focus coming in until it goes somewhere else. A focused element that is removed leaves it nowhere, which does
 * not count; a press outside does.
 */
function useFocusInside(scroller: RefObject<HTMLElement | null>): RefObject<boolean> {
  const isInside = useRef(false)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const enter = (): void => {
      isInside.current = true
    }
    const leave = ({ relatedTarget }: FocusEvent): void => {
      if (relatedTarget instanceof Node) isInside.current = element.contains(relatedTarget)
    }
    const press = ({ target }: PointerEvent): void => {
      if (!element.contains(target as Node)) isInside.current = false
    }
    element.addEventListener('focusin', enter)
    element.addEventListener('focusout', leave)
    document.addEventListener('pointerdown', press, { capture: true })
    return () => {
      element.removeEventListener('focusin', enter)
      element.removeEventListener('focusout', leave)
      document.removeEventListener('pointerdown', press, { capture: true })
    }
  }, [scroller])
  return isInside
}
