/** Free times in the order people choose them: a day of a week, then a time of its morning or afternoon. */
import type { SlotAnswer } from '#domain/api/slot-api.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'

/** `slots` are in order, and no two begin at the same time: of doctors who are free at once the first stands. */
export type SlotDay = { readonly day: LocalDay; readonly slots: readonly SlotAnswer[] }

export const DAYS_SHOWN = 7

/** Seven days from `from`, each with its free times; a day without any is there too. */
export function slotDays(from: LocalDay, slots: readonly SlotAnswer[]): readonly SlotDay[] {
  return Array.from({ length: DAYS_SHOWN }, (_, index) => {
    const day = addDays(from, index)
    const byStart = new Map<number, SlotAnswer>()
    for (const slot of slots) if (slot.date === day && !byStart.has(slot.start)) byStart.set(slot.start, slot)
    return { day, slots: [...byStart.values()].toSorted((a, b) => a.start - b.start) }
  })
}

const NOON = '12:00'

export type DayHalf = { readonly half: 'morning' | 'afternoon'; readonly slots: readonly SlotAnswer[] }

/** The halves of a day that have times, by the clinic's clock. */
export function halvesOf({ slots }: SlotDay): readonly DayHalf[] {
  const halves: readonly DayHalf[] = [
    { half: 'morning', slots: slots.filter(({ time }) => time < NOON) },
    { half: 'afternoon', slots: slots.filter(({ time }) => time >= NOON) },
  ]
  return halves.filter(({ slots: some }) => some.length > 0)
}
