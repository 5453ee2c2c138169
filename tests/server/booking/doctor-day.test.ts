// A doctor's day changed visit by visit, the calls it leaves to make, and who is written to.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { aTellingClinic, emailOf, nineOn, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DOCTOR = testId('Doctor', 2)
const COLLEAGUE = testId('Doctor', 3)
const PATH = `/api/v1/doctors/${DOCTOR}/day`

describe.each(engines)('a doctor’s day that is changed on %s', (engine) => {
  let clinic: TellingClinic
  beforeAll(async () => {
    clinic = await aTellingClinic(engine)
  })
  afterAll(() => clinic.stop())

  const dayOf = (days: number) => new Date(nineOn(days)).toISOString().slice(0, 10)
  const book = (days: number, patient: number, quarter: number) =>
    clinic.book(0, { patientId: testId('Patient', patient), start: nineOn(days) + minutes(15) * quarter })
  const change = (days: number, visits: object[], isMessaged = true) =>
    clinic.ask('POST', `${PATH}/change`, 'receptionist', { day: dayOf(days), reason: 'Ill', isMessaged, visits })
  const tasks = async (days: number, role: 'receptionist' | 'admin' = 'receptionist') =>
    (await clinic.ask('GET', `${PATH}/tasks?day=${dayOf(days)}`, role)).body.tasks
  const statusOf = async (id: string) =>
    (await clinic.ask('GET', `/api/v1/appointments/${id}`, 'receptionist')).body.appointment
  const mailsTo = (patient: number) =>
    clinic.mails().filter(({ to }) => JSON.stringify(to).includes(emailOf(patient))).length

  test('goes visit by visit as it is said, and what cannot be had stays with its reason', async () => {
    const [cancelled, moved, stays, kept] = [
      await book(2, 4, 0),
      await book(2, 5, 2),
      await book(2, 6, 4),
      await book(2, 7, 6),
    ]
    await clinic.book(0, { doctorId: COLLEAGUE, patientId: testId('Patient', 8), start: nineOn(2) + minutes(60) })
    const answer = await change(2, [
      { appointmentId: cancelled.id, to: null },
      { appointmentId: moved.id, to: { doctorId: COLLEAGUE, start: moved.start } },
      { appointmentId: stays.id, to: { doctorId: COLLEAGUE, start: stays.start } },
      { appointmentId: testId('Appointment', 999), to: null },
    ])
    expect(answer.status).toBe(200)
    expect(answer.body.outcomes).toEqual([
      { appointmentId: cancelled.id, revision: 2, code: null },
      { appointmentId: moved.id, revision: 2, code: null },
      { appointmentId: stays.id, revision: null, code: 'slot-taken' },
      { appointmentId: testId('Appointment', 999), revision: null, code: 'status-jump' },
    ])
    expect(await statusOf(cancelled.id)).toMatchObject({ status: 'cancelled', cancelReason: 'Ill' })
    expect(await statusOf(moved.id)).toMatchObject({ doctorId: COLLEAGUE, start: moved.start })
    for (const { id, start } of [stays, kept]) expect(await statusOf(id)).toMatchObject({ doctorId: DOCTOR, start })
  })

  test('leaves a list of calls, which whoever has made one ticks off for everybody', async () => {
    const listed = await tasks(2)
    expect(listed).toMatchObject([
      { kind: 'cancelled', patientId: testId('Patient', 4), phone: expect.stringMatching(/^\+48/), doneAt: null },
      { kind: 'moved', patientId: testId('Patient', 5), doctorId: COLLEAGUE, doneAt: null },
    ])
    const tick = (appointmentId: string, isDone: boolean, days = 2) =>
      clinic.ask('POST', `${PATH}/tasks`, 'receptionist', { day: dayOf(days), appointmentId, isDone })
    const [{ appointmentId }] = listed
    expect((await tick(appointmentId, true)).status).toBe(204)
    expect((await tasks(2, 'admin'))[0]).toMatchObject({ doneAt: expect.any(Number), doneByName: expect.any(String) })
    expect((await tick(appointmentId, false)).status).toBe(204)
    expect((await tasks(2))[0]).toMatchObject({ doneAt: null, doneByName: '' })
    expect((await tick(appointmentId, true, 3)).status).toBe(404)
    expect((await tick(testId('Appointment', 999), true)).status).toBe(404)
    expect((await clinic.ask('GET', `${PATH}/tasks?day=${dayOf(2)}`, 'patient')).body.tasks).toEqual([])
  })

  test('has no call left to make about a change that was taken back', async () => {
    const visit = await book(4, 11, 0)
    const { outcomes } = (await change(4, [{ appointmentId: visit.id, to: null }])).body
    expect(await tasks(4)).toHaveLength(1)
    await clinic.step(visit.id, 'undo', { revision: outcomes[0].revision })
    expect(await tasks(4)).toEqual([])
  })

  test('is told by message to its patients, or to none where they are to be called', async () => {
    const [told, called] = [await book(5, 9, 0), await book(6, 10, 0)]
    await clinic.wait(minutes(10))
    const before = [mailsTo(9), mailsTo(10)]
    await change(5, [{ appointmentId: told.id, to: null }])
    await change(6, [{ appointmentId: called.id, to: null }], false)
    await clinic.wait(minutes(10))
    expect([mailsTo(9), mailsTo(10)]).toEqual([(before[0] ?? 0) + 1, before[1]])
    expect(await tasks(6)).toMatchObject([{ isMessaged: false }])
  })
})
