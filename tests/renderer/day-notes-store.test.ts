import { Check } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import { type DayNoteWords, dayNoteSchema, standsOn } from '#domain/clinic/day-note.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { addDayNoteLocally, changeDayNoteLocally, deleteDayNoteLocally } from '#renderer/local-db/day-notes-store.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { dayNotesFor, readAll } from '#renderer/local-db/queries.ts'
import { aDayNote, testId } from '#tests/support/builders.ts'
import { aLocalDesk, aSignedInUser } from '#tests/support/local-desk.ts'

const TODAY = '2026-10-14'
const OWN = testId('Doctor', 1)

let desk: Desk
beforeEach(async () => {
  desk = await aLocalDesk()
})
afterEach(() => desk.database.close())

const words = (part: Partial<DayNoteWords> = {}): DayNoteWords => ({
  date: TODAY,
  lastDate: null,
  doctorId: null,
  text: 'The lift is broken',
  ...part,
})
const onDay = async (day: string) =>
  (await readAll(dayNotesFor(desk.database, day))).filter((note) => standsOn(note, day)).map(({ text }) => text)
/** The same data as a doctor sees it. */
const asDoctor = (): Desk => ({
  ...desk,
  user: aSignedInUser({ doctorId: OWN, roles: ['doctor'], grants: [...SHIPPED_ROLE_GRANTS.doctor] }),
})

describe('a note that is pinned to a day', () => {
  it('is whole, without blanks around it, and says who wrote it', async () => {
    const written = await addDayNoteLocally(desk, words({ text: '  Dr Adler leaves at 15:00 \n' }))
    if (!written.ok) throw new Error(written.reason)
    expect(Check(dayNoteSchema, written.note)).toBe(true)
    expect(written.note).toMatchObject({
      text: 'Dr Adler leaves at 15:00',
      createdByName: 'Rita Reception',
      revision: 0,
    })
  })

  it('is found on each of its days and on no other, the longest note as well', async () => {
    await addDayNoteLocally(desk, words({ lastDate: addDays(TODAY, 30) }))
    await addDayNoteLocally(desk, words({ text: 'Flu jabs', date: addDays(TODAY, 1) }))
    expect(await onDay(addDays(TODAY, -1))).toEqual([])
    expect((await onDay(addDays(TODAY, 1))).sort()).toEqual(['Flu jabs', 'The lift is broken'])
    expect(await onDay(addDays(TODAY, 30))).toEqual(['The lift is broken'])
    expect(await onDay(addDays(TODAY, 31))).toEqual([])
  })

  it.each([
    ['without words', { text: '  ' }, 'invalid-document'],
    ['whose last day is before its first', { lastDate: addDays(TODAY, -1) }, 'end-before-start'],
    ['for a day that no computer holds', { date: addDays(TODAY, 181) }, 'day-not-here'],
  ])('%s is refused and not kept', async (_, part, reason) => {
    expect(await addDayNoteLocally(desk, words(part))).toMatchObject({ ok: false, reason })
    expect(await readAll(dayNotesFor(desk.database, addDays(TODAY, 181)))).toEqual([])
  })

  it('by a doctor stands on their own day alone', async () => {
    expect(await addDayNoteLocally(asDoctor(), words({ doctorId: OWN }))).toMatchObject({ ok: true })
    for (const doctorId of [null, testId('Doctor', 2)]) {
      expect(await addDayNoteLocally(asDoctor(), words({ doctorId }))).toMatchObject({ reason: 'not-allowed' })
    }
  })
})

describe('a note that is there', () => {
  const stand = (part = {}) => desk.database.day_notes.insert(aDayNote(part))

  it('is changed in what was changed, and keeps the rest and its author', async () => {
    await stand({ doctorId: OWN, createdByName: 'Robin' })
    expect(await changeDayNoteLocally(desk, testId('DayNote'), { text: ' Repaired ' })).toMatchObject({ ok: true })
    expect((await desk.database.day_notes.findOne().exec())?.toJSON()).toMatchObject({
      text: 'Repaired',
      doctorId: OWN,
      createdByName: 'Robin',
      date: TODAY,
    })
  })

  it('of somebody else’s day a doctor neither changes, takes over nor takes down', async () => {
    await stand()
    const id = testId('DayNote')
    expect(await changeDayNoteLocally(asDoctor(), id, { text: 'x' })).toMatchObject({ reason: 'not-allowed' })
    expect(await changeDayNoteLocally(asDoctor(), id, { doctorId: OWN })).toMatchObject({ reason: 'not-allowed' })
    expect(await deleteDayNoteLocally(asDoctor(), id)).toMatchObject({ reason: 'not-allowed' })
    expect(await onDay(TODAY)).toEqual(['The lift is broken'])
  })

  it('is taken down, and put back as a note of its own with the same words', async () => {
    await stand({ lastDate: addDays(TODAY, 2), doctorId: OWN })
    const removed = await deleteDayNoteLocally(desk, testId('DayNote'))
    if (!removed.ok) throw new Error(removed.reason)
    expect(await onDay(TODAY)).toEqual([])
    const { date, lastDate, doctorId, text } = removed.note
    const back = await addDayNoteLocally(desk, { date, lastDate, doctorId, text })
    expect(back).toMatchObject({ ok: true, note: { date: TODAY, lastDate: addDays(TODAY, 2), doctorId: OWN } })
    expect(await onDay(TODAY)).toEqual(['The lift is broken'])
    expect(back.ok && back.note.id).not.toBe(testId('DayNote'))
  })

  it('that is gone meanwhile is said to be', async () => {
    expect(await changeDayNoteLocally(desk, testId('DayNote', 7), { text: 'x' })).toMatchObject({ reason: 'not-found' })
    expect(await deleteDayNoteLocally(desk, testId('DayNote', 7))).toMatchObject({ reason: 'not-found' })
  })
})
