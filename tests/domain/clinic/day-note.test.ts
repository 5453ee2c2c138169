import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import {
  DAY_NOTE,
  dayNoteProblem,
  dayNoteSchema,
  earliestDayFor,
  inReadingOrder,
  latestDayOf,
  standsOn,
} from '#domain/clinic/day-note.ts'
import { reachOf } from '#domain/sync/window.ts'
import { addDays, daysBetween } from '#domain/time/clinic-time.ts'
import { aDayNote, testId } from '#tests/support/builders.ts'

const DAY = '2026-10-14'

describe('the days of a note', () => {
  it('are its own day alone, unless a last day is said', () => {
    expect([addDays(DAY, -1), DAY, addDays(DAY, 1)].map((day) => standsOn(aDayNote(), day))).toEqual([
      false,
      true,
      false,
    ])
  })

  it('run from the first to the last, both included', () => {
    const note = aDayNote({ lastDate: addDays(DAY, 2) })
    expect([-1, 0, 1, 2, 3].map((by) => standsOn(note, addDays(DAY, by)))).toEqual([false, true, true, true, false])
  })

  it('are at most 31, over a change of the clock too', () => {
    const last = latestDayOf(DAY)
    expect(daysBetween(DAY, last) + 1).toBe(31)
    expect(dayNoteProblem(aDayNote({ lastDate: last }))).toBeUndefined()
    expect(dayNoteProblem(aDayNote({ lastDate: addDays(last, 1) }))).toEqual({
      reason: 'invalid-document',
      field: 'lastDate',
    })
  })

  it('never reach a day whose devices no longer hold the note', () => {
    expect(earliestDayFor(latestDayOf(DAY))).toBe(DAY)
    expect(reachOf(earliestDayFor(DAY), DAY)).toBe('held')
  })
})

describe('what a note says', () => {
  it.each([
    ['nothing but blanks', { text: ' \n ' }, 'invalid-document', 'text'],
    ['more than it may', { text: 'x'.repeat(DAY_NOTE.longest + 1) }, 'invalid-document', 'text'],
    ['a day that is none', { date: '2026-02-30' }, 'invalid-document', 'date'],
    ['a last day that is none', { lastDate: '2026-11-31' }, 'invalid-document', 'lastDate'],
    ['days that end before they begin', { lastDate: '2026-10-13' }, 'end-before-start', 'lastDate'],
  ])('with %s is refused', (_, part, reason, field) => {
    expect(dayNoteProblem(aDayNote(part))).toEqual({ reason, field })
  })

  it('is 1 to 500 characters', () => {
    const texts = ['', 'x', 'x'.repeat(500), 'x'.repeat(501)]
    expect(texts.map((text) => Check(dayNoteSchema, aDayNote({ text })))).toEqual([false, true, true, false])
  })

  it('is read from what concerns everybody to what concerns one doctor, in the order of writing', () => {
    const notes = [
      aDayNote({ id: testId('DayNote', 1), doctorId: testId('Doctor'), createdAt: 1 }),
      aDayNote({ id: testId('DayNote', 2), createdAt: 3 }),
      aDayNote({ id: testId('DayNote', 3), createdAt: 2 }),
    ]
    expect(inReadingOrder(notes).map(({ id }) => id)).toEqual([3, 2, 1].map((number) => testId('DayNote', number)))
  })
})
