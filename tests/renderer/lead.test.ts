import { expect, it } from 'vitest'
import { minutesOf, toLead } from '#renderer/features/message-settings/lead.ts'

it.each([
  [0, { count: 0, unit: 'minutes' }],
  [10, { count: 10, unit: 'minutes' }],
  [90, { count: 90, unit: 'minutes' }],
  [120, { count: 2, unit: 'hours' }],
  [1_440, { count: 1, unit: 'days' }],
  [1_500, { count: 25, unit: 'hours' }],
] as const)(
  '%i minutes before a visit are said in the largest unit that leaves no rest, and mean the same again',
  (minutes, lead) => {
    expect(toLead(minutes)).toEqual(lead)
    expect(minutesOf(toLead(minutes))).toBe(minutes)
  },
)
