import type { Bundle, Slot } from 'fhir/r4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { parseSlotId, slotIdOf } from '#domain/fhir/slot-id.ts'
import { HOUR_MS, minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { faultsOf } from '#tests/support/fhir-validator.ts'
import { addForeignClinic, FOREIGN_DOCUMENTS } from '#tests/support/foreign-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/fhir/r4/Slot'
const DAY = 'start=2026-10-14'
const DOCTOR = testId('Doctor', 1)
const OF_DOCTOR = `${DAY}&schedule=Schedule/${DOCTOR}`
const CONSULTATIONS = `${OF_DOCTOR}&service-type=GP-15`
const iso = (at: number) => new Date(at).toISOString()

describe.each(engines)('slots in FHIR on %s', (engine) => {
  let server: ServerUnderTest
  let typeId = testId('AppointmentType', 1)
  const taken = NINE_O_CLOCK + minutes(60)

  beforeAll(async () => {
    server = await aServer(engine)
    typeId = server.clinic.types.consultation.id
    await addForeignClinic(server)
    await book(taken, 2)
  })
  afterAll(() => server.stop())

  const book = (start: number, patient: number) =>
    server.request('POST', '/fhir/r4/Appointment', {
      as: 'receptionist',
      headers: { 'content-type': 'application/fhir+json' },
      body: {
        resourceType: 'Appointment',
        status: 'booked',
        slot: [{ reference: `Slot/${slotIdOf({ doctorId: DOCTOR, typeId, start })}` }],
        participant: [{ actor: { reference: `Patient/${testId('Patient', patient)}` }, status: 'accepted' }],
      },
    })
  const get = (path: string, as: ShippedRole = 'receptionist') => server.request('GET', `${PATH}${path}`, { as })
  const slotsIn = ({ entry = [] }: Bundle) => entry.map(({ resource }) => resource as Slot)
  const search = async (query: string, as?: ShippedRole) => {
    const { status, body } = await get(`?${query}`, as)
    expect([query, status, body.issue]).toEqual([query, 200, undefined])
    return body as Bundle
  }
  const walk = async (query: string, as?: ShippedRole) => {
    const slots: Slot[] = []
    let next: string | undefined = `${server.url}${PATH}?${query}`
    while (next) {
      const bundle = await search(next.slice(server.url.length + PATH.length + 1), as)
      slots.push(...slotsIn(bundle))
      next = bundle.link?.find(({ relation }) => relation === 'next')?.url
    }
    return slots
  }

  test('a day of a schedule is its free times and its busy ones, and says of the busy ones nothing more', async () => {
    const bundle = await search(CONSULTATIONS)
    expect(faultsOf(bundle)).toEqual([])
    const slots = slotsIn(bundle)
    expect([bundle.total, slots.length]).toEqual([32, 32])
    expect(slots[0]).toEqual({
      resourceType: 'Slot',
      id: slotIdOf({ doctorId: DOCTOR, typeId, start: NINE_O_CLOCK }),
      serviceType: [
        {
          coding: [{ system: `urn:uuid:${server.clinic.clinicId}`, code: 'GP-15', display: 'Consultation' }],
          text: 'Consultation',
        },
      ],
      schedule: { reference: `Schedule/${DOCTOR}` },
      status: 'free',
      start: iso(NINE_O_CLOCK),
      end: iso(NINE_O_CLOCK + minutes(15)),
    })
    expect(slots.filter(({ status }) => status === 'busy').map(({ start }) => start)).toEqual([iso(taken)])
    const { body } = await get(`/${slotIdOf({ doctorId: DOCTOR, typeId, start: taken })}`)
    expect(Object.keys(body)).toEqual(['resourceType', 'id', 'serviceType', 'schedule', 'status', 'start', 'end'])
    expect(JSON.stringify(bundle)).not.toContain('Patient')
  })

  test.each<ShippedRole>(['receptionist', 'doctor', 'patient'])('a %s finds free what REST offers', async (as) => {
    for (const type of Object.values(server.clinic.types)) {
      const range = `typeId=${type.id}&from=2026-10-14&to=2026-10-16&doctorId=${DOCTOR}&limit=200`
      const rest = await server.request('GET', `/api/v1/slots?${range}`, { as })
      const window = 'start=ge2026-10-14&start=le2026-10-16'
      const slots = await walk(`${window}&schedule=${DOCTOR}&service-type=${type.code}&status=free&_count=20`, as)
      const offered = ((rest.body.slots ?? []) as { start: number }[]).map(({ start }) => iso(start))
      expect([type.code, slots.map(({ start }) => start)]).toEqual([type.code, offered])
    }
  })

  test('the links lead through all slots of all doctors and types, each once and in order', async () => {
    const slots = await walk(`${DAY}&_count=47`)
    const places = slots.map(({ start, id }) => `${start} ${id}`)
    expect(places).toEqual([...new Set(places)].sort())
    expect(new Set(slots.map(({ schedule }) => schedule.reference)).size).toBe(3)
    expect(new Set(slots.map(({ serviceType }) => serviceType?.[0]?.text))).toEqual(
      new Set(['Consultation', 'Check-up', 'Special visit']),
    )
    const counted = await search(`${DAY}&_count=0`)
    expect([counted.total, counted.entry, counted.link?.length]).toEqual([slots.length, undefined, 1])
  })

  test.each<[string, number]>([
    [`${OF_DOCTOR}&service-type=GP-15,SPECIAL`, 32 + 30],
    [`${CONSULTATIONS}&service-type=SPECIAL`, 0],
    [`${OF_DOCTOR}&service-type=urn:uuid:${testId('Clinic')}|GP-15`, 32],
    [`${OF_DOCTOR}&service-type=http://snomed.info/sct|GP-15`, 0],
    [`${DAY}&service-type=GP-15&schedule.actor=Practitioner/${DOCTOR}`, 32],
    [`${CONSULTATIONS}&schedule.actor=Practitioner/${testId('Doctor', 2)}`, 0],
    [`${DAY}&service-type=GP-15&schedule=${DOCTOR},Schedule/${testId('Doctor', 2)}`, 64],
    [`${CONSULTATIONS}&status=busy`, 1],
    [`${CONSULTATIONS}&status=free`, 31],
    [`${CONSULTATIONS}&status=free,busy`, 32],
    [`${CONSULTATIONS}&status=busy-tentative`, 0],
    [`${CONSULTATIONS}&status=free&status=busy`, 0],
    [`${CONSULTATIONS}&start=ge2026-10-14T10:00&start=lt2026-10-14T11:00`, 4],
    [`${CONSULTATIONS}&start=gt2026-10-14T10:00:00%2B01:00`, 27],
    [`${CONSULTATIONS}&start=lt2026-10-14`, 0],
    ['start=2020-01-01', 0],
    [`start=2286-11-19&service-type=GP-15&schedule=${DOCTOR}`, 32],
    [`start=9999-12-30&schedule=${DOCTOR}`, 0],
    [`${DAY}&schedule=Schedule/${testId('Doctor', 77)}`, 0],
    [`${DAY}&schedule=Schedule/${FOREIGN_DOCUMENTS.doctors.id}`, 0],
    [`${DAY}&service-type=${FOREIGN_DOCUMENTS.appointment_types.id}`, 0],
  ])('Slot?%s finds %i', async (query, wanted) => {
    expect((await search(`${query}&_count=200`)).total).toBe(wanted)
  })

  test('the longest window is 62 days, also over a change of the clock', async () => {
    expect((await search(`start=ge2026-10-01&start=lt2026-12-02&schedule=${DOCTOR}&_count=1`)).entry).toHaveLength(1)
    const { body } = await get(`?start=ge2026-10-01&start=lt2026-12-03&schedule=${DOCTOR}`)
    expect(body.issue[0]).toMatchObject({ code: 'too-costly', expression: ['start'] })
  })

  test('a slot is booked by its reference, and then neither offered nor booked again', async () => {
    const start = NINE_O_CLOCK + 5 * HOUR_MS
    const id = slotIdOf({ doctorId: DOCTOR, typeId, start })
    expect((await get(`/${id}`)).body.status).toBe('free')
    expect((await book(start, 3)).status).toBe(201)
    const { body } = await get(`/${id}`)
    expect([body.status, faultsOf(body)]).toEqual(['busy', []])
    const late = await book(start, 4)
    expect([late.status, late.body.issue[0].code, faultsOf(late.body)]).toEqual([409, 'conflict', []])
  })

  test('a patient sees the hours that are open to patients, and a doctor no colleague’s', async () => {
    const types = async (as: ShippedRole) =>
      new Set((await walk(`${OF_DOCTOR}&_count=200`, as)).map(({ serviceType }) => serviceType?.[0]?.text))
    expect(await types('patient')).toEqual(new Set(['Consultation', 'Check-up']))
    expect(await types('doctor')).toEqual(new Set(['Consultation', 'Check-up', 'Special visit']))
    const colleague = `${DAY}&schedule=${testId('Doctor', 2)}`
    expect((await search(colleague, 'doctor')).total).toBe(0)
    const [slot] = slotsIn(await search(colleague))
    expect((await get(`/${slot?.id}`, 'doctor')).status).toBe(404)
  })

  test('an id that names no time offered here is not found, of another clinic or not', async () => {
    const key = { doctorId: DOCTOR, typeId, start: NINE_O_CLOCK }
    const ids = [
      slotIdOf({ ...key, doctorId: testId('Doctor', 99) }),
      slotIdOf({ ...key, doctorId: FOREIGN_DOCUMENTS.doctors.id, typeId: FOREIGN_DOCUMENTS.appointment_types.id }),
      slotIdOf({ ...key, typeId: FOREIGN_DOCUMENTS.appointment_types.id }),
      slotIdOf({ ...key, start: NINE_O_CLOCK + minutes(7) }),
      slotIdOf({ ...key, start: NINE_O_CLOCK - 3 * HOUR_MS }),
      slotIdOf({ ...key, start: server.clock.now - 24 * HOUR_MS }),
      testId('Doctor', 1),
      '1',
    ]
    const answers = await Promise.all(ids.map((id) => get(`/${id}`)))
    const plain = (body: object) => JSON.stringify(body).replaceAll(/Request [^"]+/g, '')
    expect(new Set(answers.map(({ status, body }) => `${status} ${plain(body)}`)).size).toBe(1)
    expect([answers[0]?.status, answers[0]?.body.issue[0].code]).toEqual([404, 'not-found'])
    expect(faultsOf(answers[0]?.body)).toEqual([])
  })

  test.each<[string, string, string]>([
    ['', 'required', 'start'],
    [`?schedule=${DOCTOR}`, 'required', 'start'],
    ['?start=ge2026-10-14', 'required', 'start'],
    ['?start=lt2026-10-14', 'required', 'start'],
    ['?start=2026', 'too-costly', 'start'],
    ['?start=soon', 'value', 'start'],
    [`?${DAY}&status=open`, 'value', 'status'],
    [`?${DAY}&schedule=Practitioner/${DOCTOR}`, 'value', 'schedule'],
    [`?${DAY}&schedule.actor=Patient/${DOCTOR}`, 'value', 'schedule.actor'],
    [`?${DAY}&_after=here`, 'value', '_after'],
    [`?${DAY}&_count=x`, 'value', '_count'],
    [`?${DAY}&end=2026-10-14`, 'not-supported', 'end'],
  ])('Slot%s is refused with "%s" for %s', async (query, code, parameter) => {
    const { status, body } = await get(query)
    expect([status, body.issue[0].code, body.issue[0].expression]).toEqual([400, code, [parameter]])
    expect(faultsOf(body)).toEqual([])
  })

  test('ids that search answers with say the schedule, the type and the start', async () => {
    const [slot] = slotsIn(await search(`${CONSULTATIONS}&_count=1`))
    expect(parseSlotId(slot?.id ?? '')).toEqual({ doctorId: DOCTOR, typeId, start: Date.parse(slot?.start ?? '') })
  })
})
