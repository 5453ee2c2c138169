import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { isId } from '#domain/ids.ts'
import type { CollectionName, Documents, WireDocument } from '#domain/sync/collections.ts'
import { stubOf } from '#domain/sync/stub.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { minutes } from '#domain/time/instant.ts'
import { DatabaseUnavailable } from '#server/database/errors.ts'
import type { AccessEntry } from '#server/operations/access-audit.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { pushChanges, RowFailed } from '#server/operations/push-changes.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, aPatient, aSchedule, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let fixture: Fixture
let disclosed: AccessEntry[]
let desk: Subject

const asWire = <Doc extends object>(document: Doc, isDeleted = false): Doc & { _deleted: boolean } => ({
  ...document,
  _deleted: isDeleted,
})

/** Pushes one row and returns the state the author is told, or undefined when the row was taken as it was sent. */
async function push<Name extends CollectionName>(
  subject: Subject,
  collection: Name,
  wanted: object,
  base?: object | null,
): Promise<WireDocument<Name> | undefined> {
  const row = { newDocumentState: { _deleted: false, ...wanted }, ...(base ? { assumedMasterState: base } : {}) }
  const deps = { writer: fixture.writer, noteAccess: async (entry: AccessEntry) => void disclosed.push(entry) }
  // A second later than the one before, so that the inbox has an order.
  fixture.clock.now += 1000
  const answers = await pushChanges(deps, subject, collection, [row as PushRow])
  return answers[0] as WireDocument<Name> | undefined
}

const stored = <Name extends CollectionName>(collection: Name, id: string) =>
  fixture.database.read((tx) => findDocument(tx, collection, id))

async function inbox(): Promise<readonly Documents['rejected_changes'][]> {
  const rows = await fixture.database.read((tx) =>
    tx.selectFrom('rejected_changes').select('id').where('is_deleted', '=', 0).orderBy('at').execute(),
  )
  const documents = await Promise.all(rows.map(({ id }) => stored('rejected_changes', id)))
  return documents.filter((document) => document !== undefined)
}

const lastReason = async () => {
  const last = (await inbox()).at(-1)
  return last && [last.reason, last.field]
}

/** Books through the sync door and returns the stored document. */
async function book(part: Partial<Appointment> = {}, subject: Subject = desk): Promise<WireDocument<'appointments'>> {
  const wanted = anAppointment({ status: 'pending', patientId: testId('Patient', 2), revision: 0, ...part })
  const answer = await push(subject, 'appointments', asWire(wanted))
  if (answer) throw new Error(`not booked: ${(await lastReason())?.join(' ')}`)
  return (await stored('appointments', wanted.id)) as WireDocument<'appointments'>
}

function fail(error: Error): never {
  throw error
}

const SECOND = { id: testId('Appointment', 2), patientId: testId('Patient', 3) }

describe.each(engines)('a push on %s', (engine) => {
  beforeEach(async () => {
    fixture = await aFixtureClinic(engine)
    disclosed = []
    desk = subjectOf(fixture.clinic, 'receptionist')
  })
  afterEach(() => fixture.close())

  describe('step 1: documents the author may not see', () => {
    test('equal content and different content get the same answer, and so does a document of another clinic', async () => {
      const foreign = await book({ doctorId: testId('Doctor', 2), note: 'private' })
      const doctor = subjectOf(fixture.clinic, 'doctor')
      const guesses = [
        [foreign, null],
        [{ ...foreign, note: 'guess' }, null],
        [foreign, foreign],
        [{ ...foreign, note: 'guess' }, foreign],
      ] as const
      const answers = []
      for (const [wanted, base] of guesses) answers.push([await push(doctor, 'appointments', wanted, base)])
      const stub = stubOf('appointments', foreign.id)
      expect(answers).toEqual([[stub], [stub], [stub], [stub]])
      expect(disclosed).toEqual([])
      const rows = await inbox()
      expect(new Set(rows.map(({ base }) => base))).toEqual(new Set([null]))
      expect(await stored('appointments', foreign.id)).toEqual(foreign)
    })

    test('a document that exists unseen and one that does not exist are refused alike', async () => {
      const hidden = await book({ doctorId: testId('Doctor', 2) })
      const patient = subjectOf(fixture.clinic, 'patient')
      const doctor = subjectOf(fixture.clinic, 'doctor')
      const free = testId('Appointment', 77)
      const tries: [Subject, CollectionName, (id: string) => object][] = [
        // The patient may book nobody else; the doctor no other doctor.
        [patient, 'appointments', (id) => ({ ...hidden, id })],
        [doctor, 'appointments', (id) => ({ ...hidden, id })],
        [doctor, 'appointments', (id) => ({ ...hidden, id, start: 'soon' })],
      ]
      for (const [subject, collection, wanted] of tries) {
        const reasons = []
        for (const id of [hidden.id, free]) {
          expect(await push(subject, collection, wanted(id))).toEqual(stubOf(collection, id))
          reasons.push(await lastReason())
        }
        expect(reasons[0]).toEqual(reasons[1])
      }
      for (const [collection, known] of [
        ['patients', testId('Patient', 5)],
        ['schedule_templates', testId('ScheduleTemplate', 11)],
      ] as const) {
        const content = asWire((await stored(collection, known)) as object)
        const reasons = []
        for (const id of [known, testId('Patient', 999)]) {
          expect(await push(doctor, collection, { ...content, id })).toEqual(stubOf(collection, id))
          reasons.push(await lastReason())
        }
        expect(reasons[0]).toEqual(reasons[1])
      }
    })

    test('its tombstone is accepted and does nothing', async () => {
      const hidden = await book({ doctorId: testId('Doctor', 2) })
      const doctor = subjectOf(fixture.clinic, 'doctor')
      expect(await push(doctor, 'appointments', { ...hidden, _deleted: true })).toBeUndefined()
      expect(
        await push(doctor, 'appointments', asWire({ ...hidden, id: testId('Appointment', 8) }, true)),
      ).toBeUndefined()
      expect(await stored('appointments', hidden.id)).toEqual(hidden)
      expect(await inbox()).toEqual([])
    })

    test('an edit of a visit that has moved away keeps the author’s words on the device and the rest on the server', async () => {
      const doctor = subjectOf(fixture.clinic, 'doctor')
      const base = await book({ reason: 'said to the desk' })
      await push(desk, 'appointments', { ...base, doctorId: testId('Doctor', 2) }, base)
      const answer = await push(doctor, 'appointments', { ...base, note: 'my note' }, base)
      expect(answer).toEqual(stubOf('appointments', base.id))
      const [row] = await inbox()
      expect(row).toMatchObject({ reason: 'not-found', userId: doctor.userId, base: null })
      expect(JSON.parse(row?.attempted ?? '')).toEqual({ id: base.id, _deleted: false, note: 'my note' })
      const kept = await fixture.database.read((tx) => tx.selectFrom('kept_changes').selectAll().execute())
      expect(kept).toHaveLength(1)
      expect(JSON.parse(kept[0]?.attempted ?? '')).toMatchObject({ note: 'my note', reason: 'said to the desk' })
      expect(JSON.parse(kept[0]?.base ?? '')).toMatchObject({ reason: 'said to the desk' })
    })
  })

  describe('step 2: nothing new', () => {
    test('the same push again does nothing and tells the author the count of writes', async () => {
      const booked = await book()
      const sent = { ...booked, revision: 0, updatedAt: 5 }
      expect(await push(desk, 'appointments', sent)).toEqual(booked)
      expect(await push(desk, 'appointments', booked)).toBeUndefined()
      expect(await push(desk, 'appointments', booked, booked)).toBeUndefined()
      expect(await stored('appointments', booked.id)).toEqual(booked)
      expect(await inbox()).toEqual([])
    })

    test('a change that the rules reduce to nothing is answered with the document, since no pull will bring it', async () => {
      const base = await book()
      expect(await push(desk, 'appointments', { ...base, cancelReason: 'called off' }, base)).toEqual(base)
      expect(await stored('appointments', base.id)).toEqual(base)
      expect(await inbox()).toEqual([])
    })

    test('a push that changes nothing against its base takes nobody’s later change back', async () => {
      const base = await book()
      await push(desk, 'appointments', { ...base, note: 'later' }, base)
      expect(await push(desk, 'appointments', base, base)).toMatchObject({ note: 'later' })
    })
  })

  test('step 3: an edit of what is deleted is refused as gone, with the attempt kept', async () => {
    const hours = aSchedule({ id: testId('Schedule', 5), doctorId: testId('Doctor', 1) })
    const admin = subjectOf(fixture.clinic, 'admin')
    expect(await push(admin, 'schedules', asWire(hours))).toBeUndefined()
    const base = await stored('schedules', hours.id)
    expect(await push(admin, 'schedules', { ...base, _deleted: true }, base)).toBeUndefined()
    expect(await push(admin, 'schedules', { ...base, note: 'late' }, base)).toEqual(stubOf('schedules', hours.id))
    expect(await lastReason()).toEqual(['gone', ''])
    expect((await inbox())[0]?.attempted).toContain('late')
    expect(await push(admin, 'schedules', { ...base, _deleted: true }, base)).toBeUndefined()
  })

  test('step 4: another base is a conflict, answered with the current document and one audit row', async () => {
    const base = await book()
    await push(desk, 'appointments', { ...base, note: 'first' }, base)
    const answer = await push(desk, 'appointments', { ...base, reason: 'second' }, base)
    expect(answer).toEqual(await stored('appointments', base.id))
    expect(answer).toMatchObject({ note: 'first', reason: '' })
    expect(await push(desk, 'appointments', { ...base, reason: 'without a base' })).toEqual(answer)
    expect(await inbox()).toEqual([])
    const told = { clinicId: desk.clinicId, userId: desk.userId, action: 'push-answered', collection: 'appointments' }
    expect(disclosed).toEqual([
      { ...told, documentIds: [base.id] },
      { ...told, documentIds: [base.id] },
    ])
  })

  describe('step 5: rules', () => {
    test('a refused edit leaves one row in its author’s inbox however often it is repeated', async () => {
      const base = await book()
      const doctor = { ...subjectOf(fixture.clinic, 'doctor'), grants: SHIPPED_ROLE_GRANTS.doctor.slice(0, 2) }
      for (const bookkeeping of [{}, { revision: 7 }, { updatedAt: 9 }]) {
        const answer = await push(doctor, 'appointments', { ...base, note: 'no right', ...bookkeeping }, base)
        expect(answer).toEqual(base)
      }
      const rows = await inbox()
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatchObject({
        userId: doctor.userId,
        collectionName: 'appointments',
        documentId: base.id,
        reason: 'not-allowed',
        field: 'note',
      })
      expect(isId(rows[0]?.id ?? '')).toBe(true)
      expect(JSON.parse(rows[0]?.attempted ?? '')).toMatchObject({ note: 'no right' })
    })

    test('a dismissed refusal that happens again is shown again', async () => {
      const base = await book()
      const doctor = { ...subjectOf(fixture.clinic, 'doctor'), grants: SHIPPED_ROLE_GRANTS.doctor.slice(0, 2) }
      const attempt = () => push(doctor, 'appointments', { ...base, note: 'no right' }, base)
      await attempt()
      const [row] = await inbox()
      if (!row) throw new Error('no row')
      expect(await push(desk, 'rejected_changes', { ...row, _deleted: true }, row)).toBeUndefined()
      expect(await inbox()).toHaveLength(1)
      expect(await push(doctor, 'rejected_changes', { ...row, reason: 'gone' }, row)).toEqual(row)
      expect(await push(doctor, 'rejected_changes', { ...row, _deleted: true }, row)).toBeUndefined()
      expect((await inbox()).map(({ collectionName }) => collectionName)).toEqual(['rejected_changes'])
      await attempt()
      expect(await inbox()).toHaveLength(2)
    })

    test('a field of the server is refused by name on a change and ignored on a new document', async () => {
      const patient = aPatient({ id: testId('Patient', 50), userId: fixture.clinic.userIds.patient, revision: 9 })
      expect(await push(desk, 'patients', asWire(patient))).toBeUndefined()
      const base = await stored('patients', patient.id)
      expect(base).toMatchObject({ userId: null, revision: 1 })
      const stolen = { ...base, userId: fixture.clinic.userIds.patient }
      expect(await push(desk, 'patients', stolen, base)).toEqual(base)
      expect(await lastReason()).toEqual(['server-owned-field', 'userId'])
      const visit = await book()
      expect(await push(desk, 'appointments', { ...visit, createdByName: 'Nobody' }, visit)).toEqual(visit)
      expect(await lastReason()).toEqual(['server-owned-field', 'createdByName'])
    })

    test.each([
      ['a wrong type', { name: 5 }, 'name'],
      ['an unknown field', { isAdmin: true }, 'isAdmin'],
      ['a text too long', { phone: 'x'.repeat(41) }, 'phone'],
      ['a text too long for its column, though short to the eye', { phone: '👨‍👩‍👧‍👦'.repeat(12) }, 'phone'],
      ['half a character', { note: 'a\ud800b' }, 'note'],
      ['a NUL', { name: 'a\u0000b' }, 'name'],
      ['a word that is none of the list', { gender: 'robot' }, 'gender'],
      ['a day that is none', { birthDate: '2026-13-45' }, 'birthDate'],
    ])('%s is refused with its field', async (_, part, field) => {
      const base = await stored('patients', testId('Patient', 4))
      expect(await push(desk, 'patients', { ...base, ...part }, base)).toEqual(base)
      expect(await lastReason()).toEqual(['invalid-document', field])
      expect(await stored('patients', testId('Patient', 4))).toEqual(base)
    })

    test('a document without an id in the right shape is refused, not looked up', async () => {
      for (const id of ['x', 'ü'.repeat(36), "' or 1=1"]) {
        const patient = asWire({ ...aPatient(), id })
        expect(await push(desk, 'patients', patient)).toEqual(stubOf('patients', id))
        expect(await lastReason()).toEqual(['invalid-document', 'id'])
      }
    })

    test('collections without a rule are read only', async () => {
      for (const collection of ['doctors', 'appointment_types', 'schedule_templates'] as const) {
        const id = { doctors: 'Doctor', appointment_types: 'AppointmentType', schedule_templates: 'ScheduleTemplate' }
        const base = await stored(collection, testId(id[collection], collection === 'appointment_types' ? 9 : 1))
        const admin = subjectOf(fixture.clinic, 'admin')
        const answer = await push(admin, collection, { ...base, _deleted: true }, base)
        expect(answer).toEqual(base)
        expect(await lastReason()).toEqual(['read-only-collection', ''])
      }
    })

    test('the desk adds and edits patients; a doctor does not, and nobody deletes one', async () => {
      const base = await stored('patients', testId('Patient', 4))
      expect(await push(desk, 'patients', { ...base, phone: '0123' }, base)).toBeUndefined()
      const edited = await stored('patients', testId('Patient', 4))
      expect(edited).toMatchObject({ phone: '0123', revision: 2 })
      expect(await push(desk, 'patients', { ...edited, _deleted: true }, edited)).toEqual(edited)
      expect(await lastReason()).toEqual(['not-allowed', '_deleted'])
      const doctor = subjectOf(fixture.clinic, 'doctor')
      const added = asWire(aPatient({ id: testId('Patient', 60) }))
      expect(await push(doctor, 'patients', added)).toEqual(stubOf('patients', added.id))
      expect(await lastReason()).toEqual(['not-allowed', ''])
    })

    test('doctors keep their own hours and nobody else’s, admins everybody’s', async () => {
      const doctor = subjectOf(fixture.clinic, 'doctor')
      const own = aSchedule({ id: testId('Schedule', 5), doctorId: testId('Doctor', 1), zone: 'Asia/Tokyo' })
      expect(await push(doctor, 'schedules', asWire(own))).toBeUndefined()
      const base = await stored('schedules', own.id)
      expect(base?.zone).toBe('Europe/London')
      const given = { ...base, doctorId: testId('Doctor', 2) }
      expect(await push(doctor, 'schedules', given, base)).toEqual(base)
      expect(await lastReason()).toEqual(['not-allowed', ''])
      const other = aSchedule({ id: testId('Schedule', 6), doctorId: testId('Doctor', 2) })
      expect(await push(doctor, 'schedules', asWire(other))).toEqual(stubOf('schedules', other.id))
      const nobody = aSchedule({ id: testId('Schedule', 7), doctorId: testId('Doctor', 99) })
      const admin = subjectOf(fixture.clinic, 'admin')
      expect(await push(admin, 'schedules', asWire(nobody))).toEqual(stubOf('schedules', nobody.id))
      expect(await lastReason()).toEqual(['unknown-reference', 'doctorId'])
      expect(await push(admin, 'schedules', asWire(other))).toBeUndefined()
      expect(await push(desk, 'schedules', { ...base, _deleted: true }, base)).toEqual(base)
      expect(await push(doctor, 'schedules', { ...base, _deleted: true }, base)).toBeUndefined()
    })

    test('a booking that lost its time is kept as unplaced with the reason; a move that lost keeps the old time', async () => {
      const first = await book()
      expect(await push(desk, 'appointments', asWire(anAppointment({ ...SECOND, status: 'pending' })))).toBeUndefined()
      const lost = await stored('appointments', SECOND.id)
      expect(lost).toMatchObject({ status: 'unplaced', unplaced: { reason: 'slot-taken' } })
      expect(await inbox()).toEqual([])

      const later = { start: NINE_O_CLOCK + minutes(60), end: NINE_O_CLOCK + minutes(75) }
      const placed = { ...lost, ...later, status: 'pending' }
      expect(await push(desk, 'appointments', placed, lost)).toBeUndefined()
      const held = await stored('appointments', SECOND.id)
      expect(held).toMatchObject({ status: 'pending', unplaced: null, localStart: '10:00' })

      const back = { ...held, start: first.start, end: first.end }
      expect(await push(desk, 'appointments', back, held)).toEqual(held)
      expect(await lastReason()).toEqual(['slot-taken', 'start'])
      expect(await verifyBookings(fixture.database, fixture.clinic.clinicId)).toEqual([])
    })

    test('a device that works out the new local day of a moved visit is not refused for it', async () => {
      const base = await book()
      const tomorrow = minutes(24 * 60)
      const moved = { ...base, start: base.start + tomorrow, end: base.end + tomorrow, localDay: '2026-10-15' }
      expect(await push(desk, 'appointments', moved, base)).toBeUndefined()
      expect(await stored('appointments', base.id)).toMatchObject({ localDay: '2026-10-15', revision: 2 })
    })
  })

  test('one bad row among many costs the others nothing', async () => {
    const rows = Array.from({ length: 30 }, (_, n): PushRow => {
      const patient = aPatient({ id: testId('Patient', 100 + n), name: n === 7 ? '  ' : `New ${n}` })
      return { newDocumentState: asWire(patient) }
    })
    const deps = { writer: fixture.writer, noteAccess: async () => undefined }
    const answers = await pushChanges(deps, desk, 'patients', rows)
    expect(answers).toEqual([stubOf('patients', testId('Patient', 107))])
    const names = await Promise.all(rows.map(({ newDocumentState }) => stored('patients', newDocumentState.id)))
    expect(names.filter((document) => document !== undefined)).toHaveLength(29)
    expect(await inbox()).toHaveLength(1)
  })

  test('a row over which the server fails is named as such, once the others are stored; a lost database is not', async () => {
    const rows = Array.from({ length: 5 }, (_, n): PushRow => {
      return { newDocumentState: asWire(aPatient({ id: testId('Patient', 200 + n), name: `New ${n}` })) }
    })
    const pushWith = (failOnce: (job: number) => Error | undefined) => {
      let jobs = 0
      const submit: ClinicWriter['submit'] = (clinicId, lane, job) => {
        const error = failOnce(jobs++)
        const run: typeof job.run = async (ctx) => {
          const outcome = await job.run(error ? { ...ctx, nextSeq: () => fail(error) } : ctx)
          return outcome
        }
        return fixture.writer.submit(clinicId, lane, { ...job, run })
      }
      const writer = { ...fixture.writer, submit }
      return pushChanges({ writer, noteAccess: async () => undefined }, desk, 'patients', rows)
    }
    const bug = new TypeError('a bug')
    const answer = pushWith((job) => (job === 2 ? bug : undefined))
    await expect(answer).rejects.toThrow(RowFailed)
    await expect(answer).rejects.toMatchObject({ cause: bug })
    const names = await Promise.all(rows.map(({ newDocumentState }) => stored('patients', newDocumentState.id)))
    expect(names.map((document) => document !== undefined)).toEqual([true, true, false, true, true])
    const away = pushWith((job) => (job === 2 ? Object.assign(new Error('gone'), { fatal: true }) : undefined))
    await expect(away).rejects.toThrow(DatabaseUnavailable)
    await pushWith(() => undefined)
    expect(await stored('patients', testId('Patient', 202))).toMatchObject({ name: 'New 2' })
  })

  test('what the tables will not hold is refused instead of being tried for ever', async () => {
    await seedDocuments(fixture.writer, 'patients', [])
    const long = '\u{1F600}'.repeat(500)
    const base = await book()
    const answer = await push(desk, 'appointments', { ...base, reason: long }, base)
    const after = await stored('appointments', base.id)
    expect(answer ?? after).toEqual(after)
  })
})
