import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { contentText } from '#domain/sync/canonical.ts'
import { COLLECTION_NAMES, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import { isSameDocument, resolveConflict } from '#domain/sync/conflict.ts'
import { lostFields } from '#domain/sync/lost-fields.ts'
import { stubOf } from '#domain/sync/stub.ts'
import { testId } from '#tests/support/builders.ts'
import {
  appointmentEdit,
  patientEdit,
  serverFields,
  wireAppointment,
  wirePatient,
} from '#tests/support/document-arbitraries.ts'
import { seeded } from '#tests/support/seeded.ts'

type Visit = WireDocument<'appointments'>

/** A start, my edit of it, and somebody else's as the server stored it. */
const meeting = fc
  .record({ before: appointmentEdit, mine: appointmentEdit, theirs: appointmentEdit, server: serverFields })
  .map(({ before, mine, theirs, server }) => {
    const base = wireAppointment(before)
    return { base, mine: { ...base, ...mine }, master: { ...base, ...theirs, ...server } }
  })
const resolve = (mine: Visit, master: Visit, base?: Visit) =>
  resolveConflict('appointments', { newDocumentState: mine, realMasterState: master, assumedMasterState: base })

const withoutServerFields = (document: Visit): Partial<Visit> => {
  const owned = new Set<string>(definitionOf('appointments').serverOwned)
  return Object.fromEntries(Object.entries(document).filter(([field]) => !owned.has(field)))
}

describe('resolving a conflict', () => {
  it('is total: any three documents of any collection give a document of the same shape', () => {
    const anything = fc.dictionary(fc.constantFrom('status', 'note', 'alerts', 'start', 'arrivedAt'), fc.jsonValue())
    fc.assert(
      fc.property(fc.constantFrom(...COLLECTION_NAMES), anything, anything, anything, fc.boolean(), (...all) => {
        const [name, mine, master, base, hasBase] = all
        const shape = stubOf(name, testId('Any'))
        const asDocument = (part: object) => ({ ...shape, _deleted: false, ...part }) as WireDocument
        const result = resolveConflict(name, {
          newDocumentState: asDocument(mine),
          realMasterState: asDocument(master),
          assumedMasterState: hasBase ? asDocument(base) : undefined,
        })
        expect(Object.keys(result).sort()).toEqual(Object.keys(asDocument(master)).sort())
      }),
      seeded(),
    )
  })

  it.each([
    [[{ toString: '' }], []],
    [{ valueOf: 1 }, 'constructor'],
    [null, '__proto__'],
  ])('is total where %j and %j are taken for statuses', (status, before) => {
    const shape = { ...stubOf('appointments', testId('Any')), _deleted: false }
    const result = resolve({ ...shape, status } as never, shape, { ...shape, status: before } as never)
    expect(Object.keys(result).sort()).toEqual(Object.keys(shape).sort())
  })

  it('takes the master when it is deleted', () => {
    fc.assert(
      fc.property(meeting, ({ base, mine }) => {
        const gone = stubOf('appointments', base.id)
        expect(resolve(mine, gone, base)).toBe(gone)
        expect(resolve(mine, gone)).toBe(gone)
      }),
      seeded(),
    )
  })

  it('takes the master when its content equals the base, whatever its count of writes: the server refused', () => {
    fc.assert(
      fc.property(meeting, fc.nat(), ({ base, mine }, revision) => {
        const master = { ...base, revision, updatedAt: revision }
        expect(resolve(mine, master, base)).toBe(master)
      }),
      seeded(),
    )
  })

  it('gives each desk the same in either order, except where only the server decides', () => {
    const decidedByServer = [
      'doctorId',
      'start',
      'end',
      'locationId',
      'roomId',
      'equipmentIds',
      'overbookReason',
      'typeId',
    ]
    fc.assert(
      fc.property(meeting, ({ base, mine, master }) => {
        const theirs = { ...master, ...serverPart(base) }
        const [one, other] = [resolve(mine, theirs, base), resolve(theirs, mine, base)].map((result, index) => {
          const isRefusal = contentText(index === 0 ? theirs : mine) === contentText(base)
          return isRefusal ? null : withoutServerFields(result)
        })
        if (!one || !other) return
        // A place changed on both sides is the first one's, and with it the status of a visit that lost its time.
        const bothPlaced = decidedByServer.some((field) => differs(mine, base, field) && differs(theirs, base, field))
        for (const field of Object.keys(one).filter((key) => !decidedByServer.includes(key))) {
          if (bothPlaced || (field === 'status' && asksAnew(mine, theirs, base))) continue
          expect({ [field]: wordsOf(one[field as keyof Visit]) }).toEqual({
            [field]: wordsOf(other[field as keyof Visit]),
          })
        }
      }),
      seeded(1000),
    )
  })

  it('twice equals once', () => {
    fc.assert(
      fc.property(meeting, ({ base, mine, master }) => {
        const once = resolve(mine, master, base)
        expect(resolve(once, master, base)).toEqual(once)
      }),
      seeded(1000),
    )
  })

  it('ends: what is pushed next is taken, or refused and given up', () => {
    fc.assert(
      fc.property(meeting, fc.boolean(), ({ base, mine, master }, isRefused) => {
        const once = resolve(mine, master, base)
        if (isSameDocument(once, master)) return
        // The next push has the master as its base: either the server takes it, or it answers with that base.
        expect(isRefused ? resolve(once, master, master) : once).toEqual(isRefused ? master : once)
      }),
      seeded(),
    )
  })

  it('keeps a change nobody else touched, and never a field of the server', () => {
    fc.assert(
      fc.property(meeting, ({ base, mine, master }) => {
        if (contentText(master) === contentText(base)) return
        const result = resolve(mine, master, base)
        for (const field of ['note', 'reason'] as const) {
          if (!differs(master, base, field)) expect(result[field]).toBe(mine[field])
          if (!differs(mine, base, field)) expect(result[field]).toBe(master[field])
        }
        for (const field of definitionOf('appointments').serverOwned) {
          expect(result[field as keyof Visit]).toEqual(master[field as keyof Visit])
        }
      }),
      seeded(),
    )
  })

  it('loses no line that either side added', () => {
    fc.assert(
      fc.property(meeting, ({ base, mine, master }) => {
        if (contentText(master) === contentText(base)) return
        const lines = (text: string) => text.split('\n').filter(Boolean)
        const result = lines(resolve(mine, master, base).note)
        const added = [...lines(mine.note), ...lines(master.note)].filter((line) => !lines(base.note).includes(line))
        for (const line of added) expect(result).toContain(line)
      }),
      seeded(),
    )
  })

  it('merges a patient the same in either order, but for a field both sides set', () => {
    fc.assert(
      fc.property(patientEdit, patientEdit, patientEdit, (before, edit, otherEdit) => {
        const base = wirePatient(before)
        const [mine, theirs] = [
          { ...base, ...edit },
          { ...base, ...otherEdit },
        ]
        if ([mine, theirs].some((side) => contentText(side) === contentText(base))) return
        const merge = (newDocumentState: typeof base, realMasterState: typeof base) =>
          resolveConflict('patients', { newDocumentState, realMasterState, assumedMasterState: base })
        const { name: oneName, phone: onePhone, ...one } = merge(mine, theirs)
        const { name: otherName, phone: otherPhone, ...other } = merge(theirs, mine)
        expect({ ...one, note: wordsOf(one.note) }).toEqual({ ...other, note: wordsOf(other.note) })
        expect([mine.name, theirs.name]).toEqual(expect.arrayContaining([oneName, otherName]))
        expect([mine.phone, theirs.phone]).toEqual(expect.arrayContaining([onePhone, otherPhone]))
      }),
      seeded(),
    )
  })
})

describe('a visit that two desks changed', () => {
  const base = wireAppointment({ status: 'confirmed', note: 'knee' })
  const change = (part: Partial<Appointment>): Visit => ({ ...base, ...part })

  it('counts the patient who came above the one who was called off, with neither reason nor gap', () => {
    const called = change({ status: 'cancelled', cancelReason: 'ill', revision: 2 })
    const came = change({ status: 'arrived', arrivedAt: 5 })
    expect(resolve(came, called, base)).toMatchObject({ status: 'arrived', arrivedAt: 5, cancelReason: '' })
    expect(resolve(called, { ...came, revision: 2 }, base)).toMatchObject({ status: 'arrived', cancelReason: '' })
  })

  it('keeps the earlier arrival when both desks checked the patient in', () => {
    const [early, late] = [change({ status: 'arrived', arrivedAt: 5 }), change({ status: 'arrived', arrivedAt: 9 })]
    expect(resolve(late, early, base).arrivedAt).toBe(5)
    expect(resolve(early, late, base).arrivedAt).toBe(5)
  })

  it('leaves the time to the server when both moved it', () => {
    const theirs = change({ start: base.start + 900_000, end: base.end + 900_000, revision: 2 })
    const mine = change({ doctorId: testId('Doctor', 7), note: 'knee\ncalls back' })
    expect(resolve(mine, theirs, base)).toMatchObject({
      start: theirs.start,
      doctorId: base.doctorId,
      note: 'knee\ncalls back',
    })
  })

  it('asks for the new time when it was moved here while it lost the old one there', () => {
    const unplaced = { reason: 'slot-taken', at: 1, takenBy: 'Desk 2', takenAt: 1 }
    const lost = change({ status: 'unplaced', unplaced, revision: 2 })
    const moved = change({ start: base.start + 900_000, end: base.end + 900_000 })
    expect(resolve(moved, lost, base)).toMatchObject({ status: 'confirmed', start: moved.start, unplaced })
  })

  it('joins what both wrote and drops the line one of them removed', () => {
    const two = wireAppointment({ note: 'knee\nold line' })
    const mine = { ...two, note: 'knee\nbring x-ray' }
    const theirs = { ...two, note: 'knee\nold line\nneeds interpreter', revision: 2 }
    expect(resolve(mine, theirs, two).note).toBe('knee\nbring x-ray\nneeds interpreter')
  })
})

describe('an insert whose answer was lost', () => {
  const pushed = wireAppointment({ revision: 0, createdAt: 1, note: 'knee' })
  const stored = { ...pushed, revision: 1, createdAt: 2, createdByName: 'Desk 1' }
  const repeat = (mine: Visit, master: Visit, firstSent: Visit | undefined = pushed) =>
    resolveConflict('appointments', { newDocumentState: mine, realMasterState: master, firstSent })
  const LATER = { start: pushed.start + 3_600_000, end: pushed.end + 3_600_000 }
  const EVEN_LATER = { start: pushed.start + 7_200_000, end: pushed.end + 7_200_000 }

  it('is taken as the server stored it', () => {
    expect(repeat(pushed, stored)).toEqual(stored)
    expect(resolve(pushed, stored)).toEqual(stored)
  })

  it('keeps what was changed here since, and pushes it as an edit', () => {
    expect(repeat({ ...pushed, note: 'knee and hip', status: 'arrived' }, stored)).toEqual({
      ...stored,
      note: 'knee and hip',
      status: 'arrived',
    })
  })

  it('leaves what others changed there meanwhile, and merges both where it can', () => {
    const theirs = { ...stored, ...LATER, status: 'confirmed' as const, revision: 2 }
    expect(repeat(pushed, theirs)).toEqual(theirs)
    expect(repeat({ ...pushed, reason: 'Cough' }, theirs)).toEqual({ ...theirs, reason: 'Cough' })
    expect(repeat({ ...pushed, ...EVEN_LATER }, theirs)).toEqual(theirs)
  })

  it('says which change of its author gave way to theirs, and no more than that', () => {
    const theirs = { ...stored, ...LATER, revision: 2, roomId: testId('Room') }
    const lost = (mine: Visit, firstSent: Visit | undefined = pushed) =>
      lostFields('appointments', { newDocumentState: mine, realMasterState: theirs, firstSent })
    expect(lost(pushed)).toEqual([])
    expect(lost({ ...pushed, ...EVEN_LATER })).toEqual(['end', 'start'])
  })

  it('stays unplaced when it lost its time, and asks for another one that was chosen here since', () => {
    const unplaced = { reason: 'slot-taken', at: 1, takenBy: 'Desk 2', takenAt: 1 }
    const lost = { ...stored, status: 'unplaced' as const, unplaced }
    expect(repeat(pushed, lost)).toEqual(lost)
    expect(resolve(pushed, lost)).toEqual(lost)
    expect(repeat({ ...pushed, ...LATER }, lost)).toEqual({ ...lost, ...LATER, status: pushed.status })
  })

  it('that the device no longer knows takes the server’s state, keeps the words of both, and tells of the rest', () => {
    const theirs = { ...stored, ...LATER, note: 'hip', revision: 2 }
    const conflict = { newDocumentState: pushed, realMasterState: theirs }
    expect(wordsOf(resolveConflict('appointments', conflict).note)).toEqual(['hip', 'knee'])
    expect(resolveConflict('appointments', conflict)).toMatchObject(LATER)
    expect(lostFields('appointments', conflict)).toEqual(['end', 'start'])
    expect(lostFields('appointments', { newDocumentState: pushed, realMasterState: stored })).toEqual([])
  })

  it('becomes a deletion when it was deleted here since, unless somebody else has changed it', () => {
    expect(repeat({ ...pushed, _deleted: true }, stored)).toEqual({ ...stored, _deleted: true })
    expect(resolve({ ...pushed, _deleted: true }, stored)).toEqual({ ...stored, _deleted: true })
    const theirs = { ...stored, ...LATER, revision: 2 }
    expect(repeat({ ...pushed, _deleted: true }, theirs)).toEqual(theirs)
  })
})

describe('a deletion here', () => {
  it('stands when the server changed nothing but its bookkeeping, and yields to any other change', () => {
    const base = wireAppointment({})
    const mine = { ...base, _deleted: true }
    const counted = { ...base, revision: 9, localStart: '10:00' }
    expect(resolve(mine, counted, base)).toEqual({ ...counted, _deleted: true })
    const changed = { ...base, note: 'new', revision: 9 }
    expect(resolve(mine, changed, base)).toBe(changed)
  })
})

/** Texts that differ in blank lines, repeats or order say the same. */
const wordsOf = (value: unknown): unknown =>
  typeof value === 'string' ? [...new Set(value.split('\n').filter(Boolean))].sort() : value

const differs = (a: Visit, b: Visit, field: string): boolean =>
  JSON.stringify(a[field as keyof Visit]) !== JSON.stringify(b[field as keyof Visit])

/** The server's own fields as they were, so that two people's edits can change places. */
function serverPart(base: Visit): Partial<Visit> {
  const owned = new Set<string>(definitionOf('appointments').serverOwned)
  return Object.fromEntries(Object.entries(base).filter(([field]) => owned.has(field)))
}

/** One side lost the time, the other asked for another place, or for this one by overbooking. */
const asksAnew = (one: Visit, other: Visit, base: Visit): boolean =>
  [
    [one, other],
    [other, one],
  ].some(
    ([mover, loser]) =>
      loser?.status === 'unplaced' &&
      ['doctorId', 'start', 'roomId', 'overbookReason'].some((field) => mover && differs(mover, base, field)),
  )
