import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cursorAcross,
  cursorDown,
  cursorOn,
  findStop,
  stopsOf,
  targetBeside,
} from '#renderer/ui/time-grid/cursor-stops.ts'
import type { GridColumn, GridItem, Stretch } from '#renderer/ui/time-grid/grid-types.ts'
import { closedStretches, hoursIn, minuteAt, rowAt, toPixels } from '#renderer/ui/time-grid/minute-scale.ts'
import { seeded } from '#tests/support/seeded.ts'

const RANGE: Stretch = { startMinute: 480, endMinute: 720 }
const STEP = 15

const anItem = (id: string, startMinute: number, minutes: number, lane = 0): GridItem => ({
  id,
  startMinute,
  endMinute: startMinute + minutes,
  lane,
  laneCount: lane + 1,
  label: id,
  title: id,
  canMove: true,
})
const aColumn = (id: string, ...items: GridItem[]): GridColumn<GridItem> => ({ id, title: id, open: [RANGE], items })

describe('the stops of a column', () => {
  it('are its items, and the rows whose start no item covers', () => {
    const column = aColumn('a', anItem('long', 480, 40), anItem('short', 530, 10))
    const stops = stopsOf(column, { startMinute: 480, endMinute: 555 }, STEP)
    expect(stops.map(({ startMinute, endMinute, item }) => [startMinute, endMinute, item?.id ?? null])).toEqual([
      [480, 520, 'long'],
      [525, 530, null],
      [530, 540, 'short'],
      [540, 555, null],
    ])
  })

  it('reach every item, whatever the items are, and never overlap an item with a free row', () => {
    const items = fc.array(
      fc.record({ start: fc.integer({ min: 480, max: 700 }), length: fc.integer({ min: 5, max: 90 }) }),
    )
    fc.assert(
      fc.property(items, (drawn) => {
        const column = aColumn(
          'a',
          ...drawn.map(({ start, length }, index) => anItem(`${index}`, start, length, index)),
        )
        const place = { columns: [column], range: RANGE, stepMinutes: STEP }
        const stops = stopsOf(column, RANGE, STEP)
        const seen = new Set<string>()
        let cursor = cursorOn('a', stops[0] ?? { startMinute: 480, endMinute: 495, item: null })
        for (let count = 0; count < stops.length; count += 1) {
          if (cursor.itemId !== null) seen.add(cursor.itemId)
          cursor = cursorDown(place, cursor, 1)
        }
        const free = stops.filter(({ item }) => item === null)
        const isApart = free.every(({ startMinute }) =>
          column.items.every((item) => startMinute < item.startMinute || startMinute >= item.endMinute),
        )
        return isApart && seen.size === column.items.length
      }),
      seeded(),
    )
  })
})

describe('the cursor', () => {
  const columns = [aColumn('a', anItem('visit', 540, 60)), aColumn('b')]
  const place = { columns, range: RANGE, stepMinutes: STEP }

  it('stays on its item when the item moves, and on its time when the item leaves', () => {
    const cursor = { columnId: 'a', minute: 540, itemId: 'visit' }
    const moved = stopsOf(aColumn('a', anItem('visit', 600, 60)), RANGE, STEP)
    expect(findStop(moved, cursor)?.startMinute).toBe(600)
    expect(findStop(stopsOf(aColumn('a'), RANGE, STEP), cursor)).toMatchObject({ startMinute: 540, item: null })
  })

  it('goes across at the same time and stops at the edges', () => {
    const right = cursorAcross(place, { columnId: 'a', minute: 540, itemId: 'visit' }, 1)
    expect(right).toEqual({ columnId: 'b', minute: 540, itemId: null })
    expect(cursorAcross(place, right, 1)).toBe(right)
  })

  it('stops at the ends of the day', () => {
    const last = cursorDown(place, { columnId: 'b', minute: 480, itemId: null }, Number.POSITIVE_INFINITY)
    expect(last.minute).toBe(705)
    expect(cursorDown(place, last, 1).minute).toBe(705)
    expect(cursorDown(place, last, Number.NEGATIVE_INFINITY).minute).toBe(480)
  })

  it('keeps a moved item inside the day', () => {
    const shift = { minutes: 600, columns: 5, lengthMinutes: 30 }
    expect(targetBeside(place, { columnId: 'a', minute: 500 }, shift)).toEqual({ columnId: 'b', minute: 690 })
  })
})

describe('minutes and pixels', () => {
  it('make a quarter of an hour 24 px high', () => expect(toPixels(15)).toBe(24))

  it('snap to the nearest step while dragging and to the row above while pointing', () => {
    expect(minuteAt(toPixels(37), RANGE, 5)).toBe(515)
    expect(rowAt(toPixels(37), RANGE, STEP)).toBe(510)
    expect(minuteAt(-50, RANGE, 5)).toBe(480)
    expect(minuteAt(9_999, RANGE, 5, 30)).toBe(690)
  })

  it('hatch exactly what is not open', () => {
    const open = [
      { startMinute: 500, endMinute: 560 },
      { startMinute: 600, endMinute: 720 },
    ]
    expect(closedStretches(open, RANGE)).toEqual([
      { startMinute: 480, endMinute: 500 },
      { startMinute: 560, endMinute: 600 },
    ])
    expect(closedStretches([], RANGE)).toEqual([RANGE])
  })

  it('name every full hour of the range', () => expect(hoursIn(RANGE)).toEqual([480, 540, 600, 660]))
})
