// The waitlist: offers are real holds, answered once, and nobody is told of a time they cannot have.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { WaitBody } from '#domain/api/waitlist-api.ts'
import type { WaitlistEntryId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { endOffers } from '#server/end-offers.ts'
import { acceptOffer, declineOffer } from '#server/operations/answer-offer.ts'
import { findFits, listOffers, listWaitlist } from '#server/operations/list-waitlist.ts'
import { type OfferAnswer, offerTime } from '#server/operations/offer-time.ts'
import { addWaitlistEntry, changeWaitlistEntry, type EntryAnswer } from '#server/operations/save-waitlist-entry.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { at, book, placed, reasonOf } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the waitlist on %s', (engine) => {
  let fixture: Fixture
  let deps: Fixture & { audit: () => Promise<void> }
  let day = 0
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    deps = { ...fixture, audit: async () => undefined }
  })
  afterAll(async () => {
    expect(await verifyBookings(fixture.database, fixture.clinic.clinicId)).toEqual([])
    await fixture.close()
  })
  beforeEach(() => {
    fixture.clock.now = FIXTURE_NOW
    day += 1
  })

  const doctorId = testId('Doctor', 2)
  const who = (role: ShippedRole) => subjectOf(fixture.clinic, role)
  const consultation = () => fixture.clinic.types.consultation.id
  const kept = (answer: EntryAnswer) => {
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.rejection)}`)
    return answer.stored
  }
  const wait = async (patient: number, part: Partial<WaitBody> = {}, role: ShippedRole = 'receptionist') =>
    kept(
      await addWaitlistEntry(fixture, who(role), {
        patientId: testId('Patient', patient),
        typeId: consultation(),
        ...part,
      }),
    )
  const offer = (entryIds: WaitlistEntryId[], start: number, role: ShippedRole = 'receptionist') =>
    offerTime(fixture, who(role), { entryIds, doctorId, start })
  const offered = (answer: OfferAnswer) => {
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.rejection)}`)
    return answer.offers.map(({ id }) => id)
  }
  const entryOf = (id: WaitlistEntryId) => fixture.database.read((tx) => findDocument(tx, 'waitlist_entries', id))
  const statusOf = async (id: WaitlistEntryId) => (await entryOf(id))?.status

  test('an offered time is held for the patient alone until it is taken', async () => {
    const start = at(day)
    const entry = await wait(1)
    const [id] = offered(await offer([entry.id], start))
    expect(await statusOf(entry.id)).toBe('offered')
    expect(reasonOf(await book(fixture, { doctorId, start, patientId: testId('Patient', 5) }))).toBe('held')
    const visit = placed(await acceptOffer(fixture, who('patient'), id as never))
    expect(visit).toMatchObject({ start, patientId: testId('Patient', 1), status: 'confirmed' })
    expect(await entryOf(entry.id)).toMatchObject({ status: 'booked', appointmentId: visit.id })
    expect(reasonOf(await acceptOffer(fixture, who('patient'), id as never))).toBe('gone')
  })

  test('of several asked at once the first to accept gets it, and the others wait again', async () => {
    const start = at(day)
    const [first, second, third] = [await wait(2), await wait(3), await wait(4)]
    const ids = offered(await offer([first.id, second.id, third.id], start))
    const answers = await Promise.all(ids.map((id) => acceptOffer(fixture, who('receptionist'), id)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.filter((answer) => !answer.ok).map(reasonOf)).toEqual(['gone', 'gone'])
    const statuses = await Promise.all([first, second, third].map(({ id }) => statusOf(id)))
    expect([...statuses].sort()).toEqual(['booked', 'waiting', 'waiting'])
  })

  test('a declined offer frees the time once nobody is asked any more', async () => {
    const start = at(day)
    const [first, second] = [await wait(6), await wait(7)]
    const [one, two] = offered(await offer([first.id, second.id], start))
    expect(await declineOffer(fixture, who('receptionist'), one as never)).toBe(true)
    expect(await declineOffer(fixture, who('receptionist'), one as never)).toBe(false)
    expect(await statusOf(first.id)).toBe('waiting')
    expect(reasonOf(await book(fixture, { doctorId, start, patientId: testId('Patient', 8) }))).toBe('held')
    expect(await declineOffer(fixture, who('receptionist'), two as never)).toBe(true)
    placed(await book(fixture, { doctorId, start, patientId: testId('Patient', 8) }))
  })

  test('an offer runs out by the server’s clock: the time is free and the entry waits again', async () => {
    const start = at(day)
    const entry = await wait(9)
    const [id] = offered(await offer([entry.id], start))
    fixture.clock.now += minutes(60)
    expect(reasonOf(await acceptOffer(fixture, who('receptionist'), id as never))).toBe('gone')
    expect(await listOffers(deps, who('receptionist'))).toEqual([])
    expect(await endOffers(deps)).toBe(1)
    expect(await endOffers(deps)).toBe(0)
    expect(await statusOf(entry.id)).toBe('waiting')
    placed(await book(fixture, { doctorId, start, patientId: testId('Patient', 10) }))
  })

  test('withdrawing ends what was offered; a taken time and somebody already asked cannot be offered', async () => {
    const start = at(day)
    const entry = await wait(11)
    offered(await offer([entry.id], start))
    expect(await offer([entry.id], at(day, '10:00'))).toMatchObject({ rejection: { reason: 'status-jump' } })
    const other = await wait(12)
    expect(await offer([other.id], start)).toMatchObject({ rejection: { reason: 'held' } })
    expect(await statusOf(other.id)).toBe('waiting')
    const now = await entryOf(entry.id)
    const withdrawn = { status: 'withdrawn' } as const
    kept(await changeWaitlistEntry(fixture, who('receptionist'), entry.id, withdrawn, now?.revision ?? 0))
    placed(await book(fixture, { doctorId, start, patientId: testId('Patient', 13) }))
    expect(await offer([other.id], start)).toMatchObject({ rejection: { reason: 'slot-taken' } })
  })

  test('a booking that the rules refuse leaves the offer as it is', async () => {
    const start = at(day)
    const [entry, second] = [await wait(14), await wait(15)]
    const [id] = offered(await offer([entry.id, second.id], start))
    // Meanwhile the patient has a visit elsewhere at that time.
    placed(await book(fixture, { doctorId: testId('Doctor', 3), start, patientId: testId('Patient', 14) }))
    expect(reasonOf(await acceptOffer(fixture, who('receptionist'), id as never))).toBe('patient-busy')
    expect(await statusOf(entry.id)).toBe('offered')
    expect((await listOffers(deps, who('receptionist'))).map((each) => each.id)).toContain(id)
  })

  test('a free time finds those it fits, and shows each person only entries of their own', async () => {
    const start = at(day)
    const [fits, misses] = [await wait(16, { fromTime: '08:00' }), await wait(17, { fromTime: '12:00' })]
    const own = await wait(1, {}, 'patient')
    const found = async (role: ShippedRole) =>
      ((await findFits(deps, who(role), { doctorId, typeId: consultation(), start })) ?? []).map(({ id }) => id)
    const forDesk = await found('receptionist')
    expect(forDesk[0]).toBe(fits.id)
    expect(forDesk).toContain(own.id)
    expect(forDesk).not.toContain(misses.id)
    expect(await found('patient')).toEqual([own.id])
    const listed = await listWaitlist(deps, who('patient'), {}, { limit: 50, after: undefined })
    expect(new Set(listed.items.map(({ patientId }) => patientId))).toEqual(new Set([testId('Patient', 1)]))
    const foreign = await addWaitlistEntry(fixture, who('patient'), {
      patientId: testId('Patient', 2),
      typeId: consultation(),
    })
    expect(foreign).toMatchObject({ ok: false, rejection: { reason: 'not-allowed' } })
    expect(await offer([fits.id], start, 'patient')).toMatchObject({ rejection: { reason: 'not-found' } })
  })
})
