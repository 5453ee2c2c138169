// The alarm behind the lock: it must ring for everything that is beyond what there is, and for nothing that is meant to be.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { minutes } from '#domain/time/instant.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { at } from '#tests/support/bookings.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments } from '#tests/support/fixture-clinic.ts'
import { addResources, HALL, RESOURCE_TYPES, ROOM_A, SCANNER } from '#tests/support/resources.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the alarm on %s', (engine) => {
  let fixture: Fixture
  let day = 0
  let made = 0
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    await addResources(fixture)
  })
  afterAll(() => fixture.close())

  /** Visits of 30 minutes stored past every rule, on a day of their own; a doctor and a patient each unless said otherwise. */
  const kindsFor = async (...visits: (Partial<Appointment> & { readonly after?: number })[]): Promise<string[]> => {
    day += 1
    const before = await verifyBookings(fixture.database, fixture.clinic.clinicId)
    const rows = visits.map(({ after = 0, ...part }, index) => {
      made += 1
      const start = at(day) + minutes(after)
      return anAppointment({
        id: testId('Appointment', made),
        doctorId: testId('Doctor', 1 + (index % 3)),
        patientId: testId('Patient', 1 + index),
        start,
        end: start + minutes(30),
        ...part,
      })
    })
    await seedDocuments(fixture.writer, 'appointments', rows)
    const found = await verifyBookings(fixture.database, fixture.clinic.clinicId)
    return found
      .slice()
      .filter((one) => !before.some((old) => old.first === one.first && old.kind === one.kind))
      .map(({ kind }) => kind)
  }
  const group = { doctorId: testId('Doctor', 1), typeId: RESOURCE_TYPES.group.id, roomId: HALL }
  const inRoom = { roomId: ROOM_A, typeId: RESOURCE_TYPES.roomed.id }

  test.each<[string, Parameters<typeof kindsFor>, string[]]>([
    ['one doctor twice', [{ doctorId: testId('Doctor') }, { doctorId: testId('Doctor'), after: 29 }], ['doctor']],
    ['one patient twice', [{ patientId: testId('Patient') }, { patientId: testId('Patient'), after: 29 }], ['patient']],
    ['one room twice', [inRoom, { ...inRoom, after: 29 }], ['room']],
    ['one room after the other', [inRoom, { ...inRoom, after: 30 }], []],
    ['a cancelled visit in a taken room', [inRoom, { ...inRoom, status: 'cancelled' }], []],
    ['one scanner twice', [{ equipmentIds: [SCANNER] }, { equipmentIds: [SCANNER], after: 10 }], ['equipment']],
    ['a hall for two with two', [{ roomId: HALL }, { roomId: HALL, after: 10 }], []],
    [
      'a hall for two with three',
      [{ roomId: HALL }, { roomId: HALL, after: 10 }, { roomId: HALL, after: 20 }],
      ['room'],
    ],
    [
      'a hall for two with two and a later third',
      [{ roomId: HALL }, { roomId: HALL }, { roomId: HALL, after: 30 }],
      [],
    ],
    ['a full group', [group, group, group], []],
    ['a group with one too many', [group, group, group, group], ['group']],
    ['a group and another visit of its doctor', [group, { doctorId: group.doctorId, after: 10 }], ['doctor']],
    [
      'a visit overbooked on purpose',
      [inRoom, { ...inRoom, doctorId: testId('Doctor'), overbookReason: 'in pain' }],
      [],
    ],
    [
      'a patient overbooked on purpose',
      [{ patientId: testId('Patient') }, { patientId: testId('Patient'), overbookReason: 'in pain' }],
      ['patient'],
    ],
  ])('%s', async (_, visits, kinds) => {
    expect(await kindsFor(...visits)).toEqual(kinds)
  })
})
