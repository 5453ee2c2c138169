import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inListOrder, isHeldNotice, NOTICE_DAYS, readSince } from '#domain/message/notice.ts'
import { resolveConflict } from '#domain/sync/conflict.ts'
import { lostFields } from '#domain/sync/lost-fields.ts'
import { WINDOW_DAYS } from '#domain/sync/window.ts'
import { hours } from '#domain/time/instant.ts'
import { aNotice, testId } from '#tests/support/builders.ts'

const NOW = 1_000_000
const told = { shownAt: 10_000, readAt: null }

describe('since when a message is read', () => {
  it('is when its reader says, never before it was told and never ahead of the server’s clock', () => {
    expect(readSince(told, 20_000, NOW)).toBe(20_000)
    expect(readSince(told, 1, NOW)).toBe(10_000)
    expect(readSince(told, NOW + 5_000, NOW)).toBe(NOW)
  })

  it('is the earliest of several times, whichever comes first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 * NOW }), { minLength: 1 }), (times) => {
        const inTurn = (order: readonly number[]) =>
          order.reduce<number | null>((readAt, at) => readSince({ ...told, readAt }, at, NOW), null)
        return inTurn(times) === inTurn(times.toReversed()) && inTurn([...times, ...times]) === inTurn(times)
      }),
    )
  })

  it('is never taken back', () => {
    expect(readSince({ ...told, readAt: 20_000 }, null, NOW)).toBe(20_000)
  })
})

describe('a message that two devices mark', () => {
  const base = { ...aNotice(), _deleted: false }
  const conflict = {
    assumedMasterState: base,
    newDocumentState: { ...base, readAt: 5_000 },
    realMasterState: { ...base, readAt: 7_000, revision: 2 },
  }

  it('is read since the earlier time, and nobody is told that a mark was lost', () => {
    expect(resolveConflict('notifications', conflict).readAt).toBe(5_000)
    expect(lostFields('notifications', conflict)).toEqual([])
  })
})

describe('the list', () => {
  it('lies on devices as long as days of the past do', () => {
    expect(NOTICE_DAYS).toBe(WINDOW_DAYS.past)
    const now = 10 * hours(24 * NOTICE_DAYS)
    const ages = [0, NOTICE_DAYS, NOTICE_DAYS + 1].map((days) => ({ shownAt: now - hours(24 * days) }))
    expect(ages.map((age) => isHeldNotice(age, now))).toEqual([true, true, false])
    expect(isHeldNotice({ shownAt: null }, now)).toBe(false)
  })

  it('begins with what was told last, the later id first where two came together', () => {
    const of = (number: number, shownAt: number) => aNotice({ id: testId('Notification', number), shownAt })
    const order = inListOrder([of(1, 5), of(2, 9), of(3, 5)])
    expect(order.map(({ id }) => id)).toEqual([2, 3, 1].map((number) => testId('Notification', number)))
  })
})
