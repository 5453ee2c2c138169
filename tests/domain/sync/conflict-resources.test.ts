// How conflicts end in the fields that rooms, groups, the waitlist and day notes brought.
import { describe, expect, it } from 'vitest'
import { resolveConflict } from '#domain/sync/conflict.ts'
import { aDayNote, aWaitlistEntry, testId } from '#tests/support/builders.ts'
import { wireAppointment } from '#tests/support/document-arbitraries.ts'

const [ROOM, OTHER_ROOM] = [testId('Room', 1), testId('Room', 2)]
const LATER = wireAppointment().start + 3_600_000

describe('the room of a visit', () => {
  it('is part of its place: when the other side moved the visit, the room is theirs too', () => {
    const base = wireAppointment({ roomId: ROOM })
    const merged = resolveConflict('appointments', {
      assumedMasterState: base,
      newDocumentState: { ...base, roomId: OTHER_ROOM, note: 'bring x-rays' },
      realMasterState: { ...base, start: LATER, end: LATER + 900_000, revision: 2 },
    })
    expect(merged).toMatchObject({ roomId: ROOM, start: LATER, note: 'bring x-rays' })
  })

  it('chosen here stays while the other side changed only words', () => {
    const base = wireAppointment({ roomId: ROOM })
    const merged = resolveConflict('appointments', {
      assumedMasterState: base,
      newDocumentState: { ...base, roomId: OTHER_ROOM },
      realMasterState: { ...base, note: 'late', revision: 2 },
    })
    expect(merged).toMatchObject({ roomId: OTHER_ROOM, note: 'late' })
  })

  it('that the server gave to a booking whose answer got lost is kept', () => {
    const mine = wireAppointment({ roomId: null, note: 'since then', revision: 0 })
    const master = wireAppointment({ roomId: ROOM, equipmentIds: [testId('Equipment')], revision: 1 })
    const merged = resolveConflict('appointments', { newDocumentState: mine, realMasterState: master })
    expect(merged).toMatchObject({ roomId: ROOM, equipmentIds: [testId('Equipment')], note: 'since then' })
  })
})

describe('a waitlist entry', () => {
  const entry = { ...aWaitlistEntry(), _deleted: false }

  it.each([
    ['withdrawn', 'booked', 'booked'],
    ['withdrawn', 'offered', 'withdrawn'],
    ['waiting', 'offered', 'offered'],
  ] as const)('%s here and %s there is %s', (mine, theirs, status) => {
    const base = { ...entry, status: mine === 'waiting' ? ('withdrawn' as const) : ('waiting' as const) }
    const merged = resolveConflict('waitlist_entries', {
      assumedMasterState: base,
      newDocumentState: { ...base, status: mine },
      realMasterState: { ...base, status: theirs, revision: 2 },
    })
    expect(merged.status).toBe(status)
  })

  it('keeps the words of both sides', () => {
    const merged = resolveConflict('waitlist_entries', {
      assumedMasterState: entry,
      newDocumentState: { ...entry, note: 'mornings' },
      realMasterState: { ...entry, note: 'any doctor', revision: 2 },
    })
    expect(merged.note).toBe('any doctor\nmornings')
  })
})

describe('a note on a day', () => {
  const base = { ...aDayNote({ text: 'Lift broken', lastDate: '2026-10-20' }), _deleted: false }
  const resolved = (mine: Partial<typeof base>, theirs: Partial<typeof base>) =>
    resolveConflict('day_notes', {
      assumedMasterState: base,
      newDocumentState: { ...base, ...mine },
      realMasterState: { ...base, ...theirs, revision: 2 },
    })

  it('keeps the words of both sides', () => {
    const merged = resolved({ text: 'Lift broken\nTechnician at noon' }, { text: 'Lift broken\nUse the ramp' })
    expect(merged.text).toBe('Lift broken\nTechnician at noon\nUse the ramp')
  })

  it('stands on the days of one side, never on the first of one and the last of the other', () => {
    expect(resolved({ date: '2026-10-19' }, { lastDate: '2026-10-15' })).toMatchObject({
      date: '2026-10-14',
      lastDate: '2026-10-15',
    })
  })

  it('that one side took down stays while the other side has changed its words, and goes where nobody has', () => {
    expect(resolved({ _deleted: true }, { text: 'Lift repaired' })).toMatchObject({
      text: 'Lift repaired',
      _deleted: false,
    })
    expect(resolved({ _deleted: true }, { createdByName: 'Robin' })._deleted).toBe(true)
  })
})
