/** Two clinics in one database: nothing of one can be seen, named or changed from the other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppointmentTypeId, ClinicId, DoctorId, PatientId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { createClinic } from '#server/operations/create-clinic.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import {
  aDoctor,
  anAppointmentType,
  aPatient,
  aScheduleTemplate,
  NINE_O_CLOCK,
  TEST_ZONE,
  testId,
} from '#tests/support/builders.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/appointments'
const OTHER = testId('Clinic', 2) as ClinicId

describe.each(engines)('two clinics on %s', (engine) => {
  let server: ServerUnderTest
  /** The first clinic's. */
  let visit = { id: '', start: 0 }
  /** A receptionist of the second. */
  let stranger = { token: '' }
  const own = {
    doctorId: testId('Doctor', 50) as DoctorId,
    patientId: testId('Patient', 50) as PatientId,
    typeId: testId('AppointmentType', 50) as AppointmentTypeId,
  }

  beforeAll(async () => {
    server = await aServer(engine)
    const body = {
      doctorId: testId('Doctor', 1),
      patientId: testId('Patient', 1),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK,
      note: 'of the first clinic',
    }
    visit = (await server.request('POST', PATH, { as: 'receptionist', body })).body.appointment
    await addOtherClinic()
    const email = await server.addAccount('receptionist', 'reception@other.test', OTHER)
    const login = await server.request('POST', '/api/v1/auth/login', { body: { email, password: FIXTURE_PASSWORD } })
    stranger = { token: login.body.token }
  })
  afterAll(() => server.stop())

  async function addOtherClinic(): Promise<void> {
    const { database, clock, server: parts } = server
    const deps = { now: () => clock.now, newId: parts.newId }
    await database.write((tx) => createClinic(deps, tx, { id: OTHER, name: 'Other Clinic', zone: TEST_ZONE }))
    await parts.writer.submit(OTHER, 'bulk', {
      subject: null,
      door: 'seed',
      run: async (ctx) => {
        const mine = { clinicId: OTHER, _deleted: false }
        await saveDocument(ctx, 'doctors', null, { ...aDoctor({ id: own.doctorId }), ...mine })
        await saveDocument(ctx, 'patients', null, { ...aPatient({ id: own.patientId }), ...mine })
        await saveDocument(ctx, 'appointment_types', null, { ...anAppointmentType({ id: own.typeId }), ...mine })
        for (const weekday of [1, 2, 3, 4, 5]) {
          const template = aScheduleTemplate({
            id: testId('ScheduleTemplate', 500 + weekday),
            doctorId: own.doctorId,
            weekday,
          })
          await saveDocument(ctx, 'schedule_templates', null, { ...template, ...mine })
        }
        return { ok: true, value: undefined }
      },
    })
  }

  const absent = testId('Appointment', 997)
  const plain = (body: object) => ({ ...body, requestId: '' })

  test.each<[string, string, object?]>([
    ['GET', ''],
    ['GET', '/alternatives'],
    ['PATCH', '', { note: 'x', revision: 1 }],
    ['POST', '/move', { start: NINE_O_CLOCK + minutes(60), revision: 1 }],
    ['POST', '/cancel', { reason: 'x', revision: 1 }],
    ['POST', '/confirm', { revision: 1 }],
    ['POST', '/status', { step: 'arrive', revision: 1 }],
  ])('%s …/:id%s of the other clinic answers as if there were nothing', async (method, action, body) => {
    const options = { as: stranger, ...(body && { body }) }
    const foreign = await server.request(method, `${PATH}/${visit.id}${action}`, options)
    const nothing = await server.request(method, `${PATH}/${absent}${action}`, options)
    expect(foreign.status).toBe(404)
    expect(plain(foreign.body)).toEqual(plain(nothing.body))
  })

  test('a list holds the own clinic only, whatever it is asked for', async () => {
    const day = `${PATH}?from=2026-10-14&to=2026-10-14`
    for (const filter of ['', `&doctorId=${testId('Doctor', 1)}`, `&patientId=${testId('Patient', 1)}`]) {
      expect((await server.request('GET', `${day}${filter}`, { as: stranger })).body).toEqual({
        appointments: [],
        nextCursor: null,
      })
    }
  })

  test.each(['doctorId', 'patientId', 'typeId'] as const)(
    'a booking that names a foreign %s is refused like one that names nobody',
    async (field) => {
      const foreign = {
        doctorId: testId('Doctor', 2),
        patientId: testId('Patient', 2),
        typeId: server.clinic.types.consultation.id,
      }
      const nobody = {
        doctorId: testId('Doctor', 99),
        patientId: testId('Patient', 99),
        typeId: testId('AppointmentType', 99),
      }
      const book = (part: object) =>
        server.request('POST', PATH, { as: stranger, body: { ...own, start: NINE_O_CLOCK, ...part } })
      const one = await book({ [field]: foreign[field] })
      const other = await book({ [field]: nobody[field] })
      expect([one.status, one.body.code, one.body.field]).toEqual([422, 'unknown-reference', field])
      expect(plain(one.body)).toEqual(plain(other.body))
    },
  )

  test('an id that the other clinic uses tells nothing about what it names', async () => {
    const book = (id: string, start: number) =>
      server.request('POST', PATH, { as: stranger, body: { ...own, id, start } })
    const taken = await book(visit.id, NINE_O_CLOCK)
    expect(taken.status).toBe(403)
    expect(JSON.stringify(taken.body)).not.toContain('first clinic')
    expect((await server.request('GET', `${PATH}/${visit.id}`, { as: 'receptionist' })).body.appointment.revision).toBe(
      1,
    )
  })

  test('the same time may be booked in both', async () => {
    const answer = await server.request('POST', PATH, { as: stranger, body: { ...own, start: NINE_O_CLOCK } })
    expect(answer.status).toBe(201)
    expect(answer.body.appointment.clinicId).toBe(OTHER)
  })

  test('a device of one clinic is not taken over by the other', async () => {
    const device = { id: testId('Device', 1), name: 'Desk' }
    const logIn = (email: string) =>
      server.request('POST', '/api/v1/auth/login', { body: { email, password: FIXTURE_PASSWORD, device } })
    await logIn('reception@fixture.test')
    expect((await logIn('reception@other.test')).status).toBe(200)
    const rows = await server.database.read((tx) => tx.selectFrom('devices').selectAll().execute())
    expect(rows).toMatchObject([
      { clinic_id: server.clinic.clinicId, last_user_id: server.clinic.userIds.receptionist },
    ])
  })
})
