import { describe, expect, it } from 'vitest'
import type { WireDocument } from '#domain/sync/collections.ts'
import { resolveConflict } from '#domain/sync/conflict.ts'
import { lostFields } from '#domain/sync/lost-fields.ts'
import { minutes } from '#domain/time/instant.ts'
import { aDayNote, anAppointment, aPatient, testId } from '#tests/support/builders.ts'

const wire = (document: object) => ({ ...document, _deleted: false })
const visit = (part: Parameters<typeof anAppointment>[0]) =>
  wire(anAppointment({ status: 'confirmed', ...part })) as WireDocument<'appointments'>
const patient = (part: Parameters<typeof aPatient>[0]) => wire(aPatient(part)) as WireDocument<'patients'>

const base = visit({ revision: 1 })
const lost = (mine: object, master: object) =>
  lostFields('appointments', {
    newDocumentState: { ...base, ...mine },
    assumedMasterState: base,
    realMasterState: { ...base, revision: 2, ...master },
  })

describe('what a merge leaves out of an edit', () => {
  it('is the field that both sides changed, for the one who came second', () => {
    const known = patient({ phone: '1', email: 'old@example.org', revision: 1 })
    const conflict = {
      newDocumentState: { ...known, phone: '2', email: 'new@example.org' },
      assumedMasterState: known,
      realMasterState: { ...known, phone: '3', revision: 2 },
    }
    expect(lostFields('patients', conflict)).toEqual(['phone'])
    expect(resolveConflict('patients', conflict)).toMatchObject({ phone: '3', email: 'new@example.org' })
  })

  it('is none of the words of a note, which are joined', () => {
    const note = wire(aDayNote()) as WireDocument<'day_notes'>
    const conflict = {
      newDocumentState: { ...note, text: 'Mine', doctorId: testId('Doctor', 1) },
      assumedMasterState: note,
      realMasterState: { ...note, text: 'Theirs', doctorId: testId('Doctor', 2), revision: 2 },
    }
    expect(lostFields('day_notes', conflict)).toEqual(['doctorId'])
  })

  it('is the whole of a move where the other side moved the visit too', () => {
    const [mine, master] = [minutes(30), minutes(60)].map((by) => ({ start: base.start + by, end: base.end + by }))
    expect(lost(mine ?? {}, master ?? {})).toEqual(['end', 'start'])
  })

  it('is a status that the other side took further', () => {
    expect(lost({ status: 'cancelled' }, { status: 'arrived', arrivedAt: base.start })).toEqual(['status'])
    expect(lost({ status: 'arrived', arrivedAt: base.start }, { status: 'cancelled' })).toEqual([])
  })

  it('is nothing where both wanted the same, or changed different fields, or added words', () => {
    expect(lost({ status: 'arrived' }, { status: 'arrived' })).toEqual([])
    expect(lost({ status: 'arrived' }, { reason: 'Cough' })).toEqual([])
    expect(lost({ note: 'Mine' }, { note: 'Theirs' })).toEqual([])
  })

  it('is nothing where the server refused the edit or has the visit no longer: its inbox tells of that', () => {
    expect(lost({ status: 'arrived' }, {})).toEqual([])
    expect(lost({ status: 'arrived' }, { _deleted: true, status: 'cancelled' })).toEqual([])
  })
})
