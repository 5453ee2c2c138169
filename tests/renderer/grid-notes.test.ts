import { expect, test } from 'vitest'
import { isCovered } from '#renderer/ui/time-grid/grid-types.ts'

const note = { startMinute: 540, endMinute: 555 }

test.each([
  [[], false],
  [[{ startMinute: 500, endMinute: 540 }], false],
  [[{ startMinute: 555, endMinute: 570 }], false],
  [[{ startMinute: 500, endMinute: 541 }], true],
  [[{ startMinute: 545, endMinute: 550 }], true],
  [
    [
      { startMinute: 400, endMinute: 410 },
      { startMinute: 540, endMinute: 555 },
    ],
    true,
  ],
])('a note says nothing where a card stands on it: %j', (items, covered) => {
  expect(isCovered(note, items)).toBe(covered)
})
