// Who may write on the waitlist, what they may write, and who sees it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { minutes } from '#domain/time/instant.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { listVisibleAudiences } from '#server/repositories/document-views.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { insertHold } from '#server/repositories/holds.ts'
import { insertOffers } from '#server/repositories/waitlist.ts'
import { aRoom, aWaitlistEntry, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

type Entry = WireDocument<'waitlist_entries'>

describe.each(engines)('the waitlist on %s', (engine) => {
  let fixture: Fixture
  let made = 0
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const stored = (id: string) => fixture.database.read((tx) => findDocument(tx, 'waitlist_entries', id))
  /** Pushes as somebody; the reason of the refusal, or undefined when it was taken. */
  async function push(role: ShippedRole, wanted: Entry, base?: Entry): Promise<string | undefined> {
    fixture.clock.now += 1_000
    const row = { newDocumentState: wanted, ...(base && { assumedMasterState: base }) } as unknown as PushRow
    const deps = { writer: fixture.writer, noteAccess: async () => undefined }
    const since = fixture.clock.now
    await pushChanges(deps, subjectOf(fixture.clinic, role), 'waitlist_entries', [row])
    const refusals = await fixture.database.read((tx) =>
      tx.selectFrom('rejected_changes').select(['reason', 'field']).where('at', '>=', since).execute(),
    )
    return refusals[0] && `${refusals[0].reason} ${refusals[0].field}`.trim()
  }
  const entry = (part: Partial<Entry> = {}): Entry => {
    made += 1
    return {
      ...aWaitlistEntry({ id: testId('WaitlistEntry', made), patientId: testId('Patient', 3), revision: 0 }),
      _deleted: false,
      ...part,
    }
  }
  const added = async (part: Partial<Entry> = {}): Promise<Entry> => {
    const wanted = entry(part)
    expect(await push('receptionist', wanted)).toBeUndefined()
    return (await stored(wanted.id)) as Entry
  }

  test('an entry of the desk is stored with who wrote it, whatever the client says of that', async () => {
    const stranger = { createdBy: testId('User', 77), createdAt: 1, appointmentId: testId('Appointment', 1) }
    const { id } = await added(stranger)
    expect(await stored(id)).toMatchObject({
      createdBy: fixture.clinic.userIds.receptionist,
      createdAt: fixture.clock.now,
      appointmentId: null,
      revision: 1,
    })
  })

  test('doctors write on the list where they are named, patients for themselves', async () => {
    const [own, other] = [testId('Doctor', 1), testId('Doctor', 2)]
    expect(await push('doctor', entry({ doctorIds: [own] }))).toBeUndefined()
    expect(await push('doctor', entry({ doctorIds: [other] }))).toBe('not-allowed')
    expect(await push('doctor', entry())).toBe('not-allowed')
    expect(await push('patient', entry({ patientId: testId('Patient', 1) }))).toBeUndefined()
    expect(await push('patient', entry())).toBe('not-allowed')
  })

  test('the desk, the doctors who are named and the patient’s own log-in see an entry, nobody else', async () => {
    const { id, clinicId } = await added({ patientId: testId('Patient', 1), doctorIds: [testId('Doctor', 2)] })
    const audiences = await fixture.database.read((tx) => listVisibleAudiences(tx, 'waitlist_entries', id))
    const user = fixture.clinic.userIds.patient
    expect(audiences.sort()).toEqual([`clinic:${clinicId}`, `doctor:${testId('Doctor', 2)}`, `user:${user}`].sort())
  })

  test.each<[string, Partial<Entry>, string]>([
    ['a patient who is not there', { patientId: testId('Patient', 99) }, 'unknown-reference patientId'],
    ['a type that is not there', { typeId: testId('AppointmentType', 99) }, 'unknown-reference typeId'],
    ['a doctor who is not there', { doctorIds: [testId('Doctor', 99)] }, 'unknown-reference doctorIds'],
    ['days that end before they begin', { untilDay: '2026-10-13' }, 'end-before-start untilDay'],
    ['times that end before they begin', { fromTime: '12:00', untilTime: '12:00' }, 'end-before-start untilTime'],
    ['an offer by hand', { status: 'offered' }, 'status-jump status'],
    ['a booking by hand', { status: 'booked' }, 'status-jump status'],
    ['a weekday that is none', { weekdays: [8] }, 'invalid-document weekdays.0'],
    ['a deletion', { _deleted: true }, 'not-allowed _deleted'],
  ])('%s is refused', async (_, part, reason) => {
    if (part._deleted) {
      const base = await added()
      expect(await push('receptionist', { ...base, _deleted: true }, base)).toBe(reason)
    } else expect(await push('receptionist', entry(part))).toBe(reason)
  })

  test('an entry is withdrawn, which takes back what it was offered, and can wait again; a booked one stays booked', async () => {
    const base = await added()
    const place = { doctorId: testId('Doctor', 1), start: NINE_O_CLOCK, end: NINE_O_CLOCK + minutes(15) }
    const { clinicId, patientId, typeId, id: entryId } = base
    const times = { expiresAt: fixture.clock.now + minutes(60), createdAt: fixture.clock.now }
    const who = { clinicId, patientId, typeId }
    const user = fixture.clinic.userIds.receptionist
    const [holdId, offerId] = [testId('Hold'), testId('WaitlistOffer')]
    const hold = { id: holdId, roomId: null, equipmentIds: [], userId: user, waitlistEntryId: entryId }
    const offer = { id: offerId, entryId, holdId, status: 'open' as const, createdBy: user }
    await fixture.database.write(async (tx) => {
      await insertHold(tx, { ...hold, ...who, ...place, ...times })
      await insertOffers(tx, [{ ...offer, ...who, ...place, ...times }])
    })
    expect(await push('receptionist', { ...base, status: 'withdrawn' }, base)).toBeUndefined()
    expect(await fixture.database.read((tx) => tx.selectFrom('holds').select('id').execute())).toEqual([])
    const withdrawn = (await stored(base.id)) as Entry
    expect(await push('receptionist', { ...withdrawn, status: 'waiting' }, withdrawn)).toBeUndefined()
    const booked = { ...((await stored(base.id)) as Entry), status: 'booked' as const }
    const before = (await stored(base.id)) as Entry
    await fixture.writer.submit(base.clinicId, 'interactive', {
      subject: null,
      door: 'rest',
      run: async (ctx) => ({ ok: true, value: await saveDocument(ctx, 'waitlist_entries', before, booked) }),
    })
    const now = (await stored(base.id)) as Entry
    expect(await push('receptionist', { ...now, status: 'waiting' }, now)).toBe('status-jump status')
  })

  test('an entry is of one patient for good, and rooms cannot be pushed', async () => {
    const base = await added()
    const handed = { ...base, patientId: testId('Patient', 4) }
    expect(await push('receptionist', handed, base)).toBe('not-allowed patientId')
    await seedDocuments(fixture.writer, 'rooms', [aRoom()])
    const room = { ...aRoom(), _deleted: false, revision: 1 }
    const row = { newDocumentState: { ...room, name: 'Mine' }, assumedMasterState: room } as unknown as PushRow
    const deps = { writer: fixture.writer, noteAccess: async () => undefined }
    expect(await pushChanges(deps, subjectOf(fixture.clinic, 'admin'), 'rooms', [row])).toEqual([room])
  })
})
