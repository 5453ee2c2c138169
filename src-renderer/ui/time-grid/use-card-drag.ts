/**
 * Dragging a card with the pointer. Until the drop nothing of React runs: one ghost is moved by `transform`, its texts are
 * written in place, and the board's state is written once, when the card is let go on a target that allows it.
 * Fingers scroll; they move a card through its panel instead.
 */
import { type PointerEvent, type RefObject, useEffect, useRef } from 'react'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import type { GridColumn, GridItem, GridTarget, Stretch, Verdict } from './grid-types.ts'
import { lengthOf } from './grid-types.ts'
import { minuteAt, toLength, toPixels } from './minute-scale.ts'

const THRESHOLD_PX = 4
const EDGE_PX = 44
const EDGE_SPEED_PX = 14

export type DragParts = {
  readonly scroller: RefObject<HTMLElement | null>
  readonly body: RefObject<HTMLElement | null>
  readonly ghost: RefObject<HTMLElement | null>
}

export type DragOptions<Item extends GridItem> = DragParts & {
  readonly columns: readonly GridColumn<Item>[]
  readonly range: Stretch
  readonly snapMinutes: number
  /** Pixels a minute. */
  readonly scale: number
  readonly judge: (item: Item, target: GridTarget) => Verdict
  readonly onDrop: (item: Item, target: GridTarget) => void
}

type Drag<Item extends GridItem> = {
  readonly item: Item
  readonly card: HTMLElement
  readonly pointerId: number
  readonly fromX: number
  readonly fromY: number
  /** Where in the card it was taken, in pixels from its top. */
  readonly grip: number
  pointer: { x: number; y: number }
  target: GridTarget | null
  verdict: Verdict
  frame: number
  isMoving: boolean
}

/** @returns the handler for `pointerdown` on the body; the rest listens on the window while a drag lasts. */
export function useCardDrag<Item extends GridItem>(options: DragOptions<Item>): (event: PointerEvent) => void {
  const latest = useRef(options)
  latest.current = options
  const stop = useRef<(() => void) | null>(null)
  useEffect(() => () => stop.current?.(), [])

  return (event) => {
    if (event.button !== 0 || event.pointerType === 'touch' || event.ctrlKey) return
    const card = (event.target as Element).closest<HTMLElement>('[data-item]')
    const item = card && findItem(latest.current.columns, card.dataset.item)
    if (!card || !item?.canMove) return
    stop.current = listen(startOf(event, card, item), latest)
  }
}

function startOf<Item extends GridItem>(event: PointerEvent, card: HTMLElement, item: Item): Drag<Item> {
  return {
    item,
    card,
    pointerId: event.pointerId,
    fromX: event.clientX,
    fromY: event.clientY,
    grip: event.clientY - card.getBoundingClientRect().top,
    pointer: { x: event.clientX, y: event.clientY },
    target: null,
    verdict: { ok: true },
    frame: 0,
    isMoving: false,
  }
}

function listen<Item extends GridItem>(drag: Drag<Item>, latest: RefObject<DragOptions<Item>>): () => void {
  const controller = new AbortController()
  const { signal } = controller
  const finish = (): void => {
    controller.abort()
    cancelAnimationFrame(drag.frame)
    hide(drag, latest.current)
  }
  const move = (event: globalThis.PointerEvent): void => {
    if (event.pointerId !== drag.pointerId) return
    drag.pointer = { x: event.clientX, y: event.clientY }
    if (!drag.isMoving) {
      if (Math.hypot(event.clientX - drag.fromX, event.clientY - drag.fromY) < THRESHOLD_PX) return
      lift(drag, latest.current)
      drag.frame = requestAnimationFrame(function scroll() {
        scrollAtEdge(drag, latest.current)
        drag.frame = requestAnimationFrame(scroll)
      })
    }
    place(drag, latest.current)
  }
  const up = (event: globalThis.PointerEvent): void => {
    if (event.pointerId !== drag.pointerId) return
    finish()
    if (!drag.isMoving) return
    swallowNextClick()
    if (drag.target && drag.verdict.ok && isElsewhere(drag)) latest.current.onDrop(drag.item, drag.target)
  }
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !drag.isMoving) return
    event.stopPropagation()
    event.preventDefault()
    finish()
    swallowNextClick()
  }
  window.addEventListener('pointermove', move, { signal })
  window.addEventListener('pointerup', up, { signal })
  window.addEventListener('pointercancel', finish, { signal })
  window.addEventListener('blur', finish, { signal })
  window.addEventListener('keydown', key, { signal, capture: true })
  return finish
}

function lift<Item extends GridItem>(drag: Drag<Item>, { ghost, body }: DragParts): void {
  drag.isMoving = true
  drag.card.dataset.lifted = 'true'
  if (!ghost.current || !body.current) return
  ghost.current.hidden = false
  ghost.current.style.blockSize = toLength(lengthOf(drag.item))
  write(ghost.current, 'title', drag.item.title)
  body.current.dataset.dragging = 'true'
}

function hide<Item extends GridItem>(drag: Drag<Item>, { ghost, body }: DragParts): void {
  delete drag.card.dataset.lifted
  if (ghost.current) ghost.current.hidden = true
  if (body.current) delete body.current.dataset.dragging
}

function place<Item extends GridItem>(drag: Drag<Item>, options: DragOptions<Item>): void {
  const body = options.body.current
  const ghost = options.ghost.current
  const column = body && columnUnder(body, drag.pointer.x)
  if (!body || !ghost || !column) return
  const area = body.getBoundingClientRect()
  const box = column.getBoundingClientRect()
  const { range, snapMinutes, scale } = options
  const minute = minuteAt(drag.pointer.y - area.top - drag.grip, range, snapMinutes, lengthOf(drag.item), scale)
  const top = toPixels(minute - range.startMinute, scale)
  ghost.style.inlineSize = `${box.width}px`
  ghost.style.transform = `translate(${box.left - area.left}px, ${top}px)`
  const target = { columnId: column.dataset.column ?? '', minute }
  if (drag.target?.columnId === target.columnId && drag.target.minute === minute) return
  drag.target = target
  drag.verdict = options.judge(drag.item, target)
  ghost.toggleAttribute('data-illegal', !drag.verdict.ok)
  write(ghost, 'time', timeOfMinute(minute))
  write(ghost, 'why', drag.verdict.ok ? '' : drag.verdict.why)
}

function scrollAtEdge<Item extends GridItem>(drag: Drag<Item>, options: DragOptions<Item>): void {
  const scroller = options.scroller.current
  if (!scroller) return
  const box = scroller.getBoundingClientRect()
  const speed = (value: number, low: number, high: number): number => {
    if (value < low + EDGE_PX) return -EDGE_SPEED_PX
    return value > high - EDGE_PX ? EDGE_SPEED_PX : 0
  }
  const [left, top] = [scroller.scrollLeft, scroller.scrollTop]
  scroller.scrollBy(speed(drag.pointer.x, box.left, box.right), speed(drag.pointer.y, box.top + EDGE_PX, box.bottom))
  if (scroller.scrollLeft !== left || scroller.scrollTop !== top) place(drag, options)
}

function columnUnder(body: HTMLElement, x: number): HTMLElement | undefined {
  return [...body.querySelectorAll<HTMLElement>('[data-column]')].find((column) => {
    const { left, right } = column.getBoundingClientRect()
    return left <= x && x < right
  })
}

function isElsewhere<Item extends GridItem>({ item, card, target }: Drag<Item>): boolean {
  const columnId = card.closest<HTMLElement>('[data-column]')?.dataset.column
  return target?.columnId !== columnId || target?.minute !== item.startMinute
}

function findItem<Item extends GridItem>(columns: readonly GridColumn<Item>[], id?: string): Item | undefined {
  for (const column of columns) {
    const item = column.items.find((candidate) => candidate.id === id)
    if (item) return item
  }
  return undefined
}

function write(ghost: HTMLElement, part: string, text: string): void {
  const element = ghost.querySelector(`[data-part="${part}"]`)
  if (element) element.textContent = text
}

/** The browser sends a click after the drop; it must not open the card. */
function swallowNextClick(): void {
  const swallow = (event: Event): void => {
    event.stopPropagation()
    event.preventDefault()
  }
  window.addEventListener('click', swallow, { capture: true, once: true })
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0)
}
