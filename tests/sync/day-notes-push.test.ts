// Who may write notes on a day, what they may write, who sees them, and which days devices hold.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audiencesFor } from '#domain/access/audiences.ts'
import type { ShippedRole } from '#domain/access/roles.ts'
import { latestDayOf } from '#domain/clinic/day-note.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import { hours } from '#domain/time/instant.ts'
import { followWindow } from '#server/operations/follow-window.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { listVisibleAudiences } from '#server/repositories/document-views.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listVisible } from '#server/repositories/visible-documents.ts'
import { aDayNote, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

type Note = WireDocument<'day_notes'>

const TODAY = '2026-10-14'
const [OWN, OTHER] = [testId('Doctor', 1), testId('Doctor', 2)]

describe.each(engines)('day notes on %s', (engine) => {
  let fixture: Fixture
  let made = 0
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const stored = (id: string) => fixture.database.read((tx) => findDocument(tx, 'day_notes', id)) as Promise<Note>
  const audiencesOf = async (id: string) =>
    (await fixture.database.read((tx) => listVisibleAudiences(tx, 'day_notes', id))).sort()
  /** Pushes as somebody; the reason of the refusal, or undefined when it was taken. */
  async function push(role: ShippedRole, wanted: Note, base?: Note): Promise<string | undefined> {
    fixture.clock.now += 1_000
    const row = { newDocumentState: wanted, ...(base && { assumedMasterState: base }) } as unknown as PushRow
    const deps = { writer: fixture.writer, noteAccess: async () => undefined }
    const since = fixture.clock.now
    await pushChanges(deps, subjectOf(fixture.clinic, role), 'day_notes', [row])
    const refusals = await fixture.database.read((tx) =>
      tx.selectFrom('rejected_changes').select(['reason', 'field']).where('at', '>=', since).execute(),
    )
    return refusals[0] && `${refusals[0].reason} ${refusals[0].field}`.trim()
  }
  const note = (part: Partial<Note> = {}): Note => {
    made += 1
    return { ...aDayNote({ id: testId('DayNote', made), revision: 0 }), _deleted: false, ...part }
  }
  const added = async (part: Partial<Note> = {}): Promise<Note> => {
    const wanted = note(part)
    expect(await push('receptionist', wanted)).toBeUndefined()
    return stored(wanted.id)
  }
  /** What somebody may see by the rules alone, of whatever day. */
  const visibleTo = async (role: ShippedRole) => {
    const subject = subjectOf(fixture.clinic, role)
    const audiences = audiencesFor(subject, 'day_notes')
    const question = { clinicId: fixture.clinic.clinicId, audiences, order: ['date'], limit: 200 }
    const { items } = await fixture.database.read((tx) => listVisible(tx, 'day_notes', question))
    return new Set(items.map(({ id }) => id as string))
  }

  test('a note is stored trimmed, with who wrote it, whatever the client says of that', async () => {
    const stranger = { createdBy: testId('User', 77), createdByName: 'Nobody', createdAt: 1 }
    const { id } = await added({ ...stranger, text: '  Dr Adler leaves at 15:00\n' })
    const { name } = await fixture.database.read((tx) =>
      tx
        .selectFrom('users')
        .select('name')
        .where('id', '=', fixture.clinic.userIds.receptionist)
        .executeTakeFirstOrThrow(),
    )
    expect(await stored(id)).toMatchObject({
      text: 'Dr Adler leaves at 15:00',
      createdBy: fixture.clinic.userIds.receptionist,
      createdByName: name,
      createdAt: fixture.clock.now,
      revision: 1,
    })
  })

  test('the desk and the administration write on every day, doctors on their own, patients on none', async () => {
    for (const role of ['receptionist', 'admin'] as const) {
      for (const doctorId of [null, OWN, OTHER]) expect(await push(role, note({ doctorId }))).toBeUndefined()
    }
    expect(await push('doctor', note({ doctorId: OWN }))).toBeUndefined()
    expect(await push('doctor', note({ doctorId: OTHER }))).toBe('not-allowed')
    expect(await push('doctor', note())).toBe('not-allowed')
    for (const doctorId of [null, OWN]) expect(await push('patient', note({ doctorId }))).toBe('not-allowed')
  })

  test('a doctor changes and takes down what stands on their day, and neither takes over nor hands on a note', async () => {
    const base = await added({ doctorId: OWN })
    expect(await push('doctor', { ...base, text: 'Back at four' }, base)).toBeUndefined()
    const changed = await stored(base.id)
    expect(changed).toMatchObject({ text: 'Back at four', createdByName: base.createdByName })
    for (const doctorId of [null, OTHER]) {
      expect(await push('doctor', { ...changed, doctorId }, changed)).toBe('not-allowed')
    }
    const everybodys = await added()
    expect(await push('doctor', { ...everybodys, doctorId: OWN }, everybodys)).toBe('not-allowed')
    expect(await push('doctor', { ...everybodys, _deleted: true }, everybodys)).toBe('not-allowed')
    expect(await push('doctor', { ...changed, _deleted: true }, changed)).toBeUndefined()
    expect((await stored(base.id))._deleted).toBe(true)
    expect(await push('receptionist', { ...changed, text: 'Still there?' }, changed)).toBe('gone')
  })

  test('what concerns everybody is seen by desks and doctors, what concerns one doctor by that doctor and the desks', async () => {
    const [everybodys, own, others] = [await added(), await added({ doctorId: OWN }), await added({ doctorId: OTHER })]
    const { clinicId } = everybodys
    expect(await audiencesOf(everybodys.id)).toEqual([`clinic:${clinicId}`, `staff:${clinicId}`])
    expect(await audiencesOf(own.id)).toEqual([`clinic:${clinicId}`, `doctor:${OWN}`])
    const seen = async (role: ShippedRole) => {
      const visible = await visibleTo(role)
      return [everybodys, own, others].map(({ id }) => visible.has(id))
    }
    expect(await seen('receptionist')).toEqual([true, true, true])
    expect(await seen('doctor')).toEqual([true, true, false])
    expect(await seen('patient')).toEqual([false, false, false])
    expect(audiencesFor(subjectOf(fixture.clinic, 'patient'), 'day_notes')).toEqual([])
  })

  test('a note that is handed from one doctor to everybody leaves nobody behind and tells all', async () => {
    const base = await added({ doctorId: OWN })
    expect(await push('receptionist', { ...base, doctorId: null }, base)).toBeUndefined()
    expect(await audiencesOf(base.id)).toEqual([`clinic:${base.clinicId}`, `staff:${base.clinicId}`])
  })

  test.each<[string, Partial<Note>, string]>([
    ['a doctor who is not there', { doctorId: testId('Doctor', 99) }, 'unknown-reference doctorId'],
    ['nothing but blanks', { text: '   ' }, 'invalid-document text'],
    ['no words at all', { text: '' }, 'invalid-document text'],
    ['more words than fit', { text: 'x'.repeat(501) }, 'invalid-document text'],
    ['a day that is none', { date: '2026-02-30' }, 'invalid-document date'],
    ['days that end before they begin', { lastDate: addDays(TODAY, -1) }, 'end-before-start lastDate'],
    ['more days than 31', { lastDate: addDays(TODAY, 31) }, 'invalid-document lastDate'],
  ])('with %s it is refused', async (_, part, reason) => {
    const wanted = note(part)
    expect(await push('receptionist', wanted)).toBe(reason)
    expect(await stored(wanted.id)).toBeUndefined()
  })

  test('words that two desks wrote at once are joined by the one that comes second', async () => {
    const base = await added({ text: 'Lift broken' })
    expect(await push('receptionist', { ...base, text: 'Lift broken\nUse the ramp' }, base)).toBeUndefined()
    const row = { newDocumentState: { ...base, text: 'Lift broken\nNoon' }, assumedMasterState: base } as never
    const deps = { writer: fixture.writer, noteAccess: async () => undefined }
    const answers = await pushChanges(deps, subjectOf(fixture.clinic, 'admin'), 'day_notes', [row])
    expect(answers).toMatchObject([{ id: base.id, text: 'Lift broken\nUse the ramp' }])
  })

  test('devices hold a note while its first day is near, and a last day that passes takes none away before', async () => {
    const today = localDayOf(fixture.clock.now, TEST_ZONE)
    const near = await added({ date: today, lastDate: latestDayOf(today) })
    const far = await added({ date: addDays(today, 200) })
    const clinic = { id: near.clinicId, zone: TEST_ZONE }
    const deps = { database: fixture.database, writer: fixture.writer, now: () => fixture.clock.now }
    await followWindow(deps, clinic)
    expect(await audiencesOf(near.id)).toHaveLength(2)
    expect(await audiencesOf(far.id)).toEqual([])
    expect((await visibleTo('doctor')).has(far.id)).toBe(true)
    fixture.clock.now += hours(24 * 30)
    await followWindow(deps, clinic)
    expect(await audiencesOf(near.id)).toHaveLength(2)
    expect(await audiencesOf(far.id)).toHaveLength(2)
    fixture.clock.now += hours(24)
    await followWindow(deps, clinic)
    expect(await audiencesOf(near.id)).toEqual([])
  })
})
