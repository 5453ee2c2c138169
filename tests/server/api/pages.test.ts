/** Lists come in pages that keep their place. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/appointments'
const DAYS = `${PATH}?from=2026-10-14&to=2026-10-15`

describe.each(engines)('pages on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
    for (const doctor of [1, 2, 3]) {
      for (let slot = 0; slot < 4; slot += 1) await book(doctor, slot * 2)
    }
  })
  afterAll(() => server.stop())

  const book = async (doctor: number, slot: number) => {
    const body = {
      doctorId: testId('Doctor', doctor),
      patientId: testId('Patient', doctor + 3 * (slot % 6)),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK + minutes(15) * slot,
    }
    const answer = await server.request('POST', PATH, { as: 'receptionist', body })
    expect(answer.status).toBe(201)
    return answer.body.appointment.id as string
  }
  const ask = (query: string, as: 'receptionist' | 'admin' = 'receptionist') => server.request('GET', query, { as })
  const walk = async (query: string, between?: () => Promise<unknown>) => {
    const rows: { id: string; start: number }[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await ask(`${query}${cursor && `&cursor=${cursor}`}`)
      expect(status).toBe(200)
      rows.push(...body.appointments)
      cursor = body.nextCursor
      await between?.()
    }
    return rows
  }

  test('of any size hold everything once, in order, ties included', async () => {
    const all = await walk(DAYS)
    expect(all).toHaveLength(12)
    for (const limit of [1, 2, 5, 12, 500]) expect(await walk(`${DAYS}&limit=${limit}`)).toEqual(all)
    expect(all.map(({ start }) => start)).toEqual(all.map(({ start }) => start).sort((a, b) => a - b))
  })

  test('keep their place whatever comes in before and after it', async () => {
    const before = await walk(DAYS)
    let slot = 20
    const seen = await walk(`${DAYS}&limit=3`, async () => {
      slot += 1
      await book(1, slot)
      await book(2, 1 + 2 * (slot - 21))
    })
    const ids = seen.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id } of before) expect(ids).toContain(id)
  })

  test('can be narrowed down', async () => {
    const ofDoctor = await walk(`${DAYS}&limit=2&doctorId=${testId('Doctor', 3)}`)
    expect(ofDoctor).toHaveLength(4)
    expect(await walk(`${DAYS}&status=cancelled`)).toEqual([])
    expect((await walk(`${DAYS}&doctorId=${testId('Doctor', 3)}&status=pending`)).length).toBe(4)
    expect(await walk(`${DAYS}&typeId=${server.clinic.types.special.id}`)).toEqual([])
  })

  test('say day and time in the zone of the clinic', async () => {
    const [first] = await walk(DAYS)
    expect(first).toMatchObject({ start: NINE_O_CLOCK, date: '2026-10-14', time: '09:00' })
    await server.database.write((tx) => tx.updateTable('clinics').set({ zone: 'Asia/Kolkata' }).execute())
    const answer = await ask(`${PATH}/${first?.id}`)
    await server.database.write((tx) => tx.updateTable('clinics').set({ zone: 'Europe/London' }).execute())
    expect(answer.body.appointment).toMatchObject({ localStart: '09:00', date: '2026-10-14', time: '13:30' })
  })

  describe('take no cursor', () => {
    const aCursor = async () => (await ask(`${DAYS}&limit=1`)).body.nextCursor as string
    test.each<[string, (cursor: string) => string]>([
      ['that was made up', () => 'bm8'],
      ['whose place was changed', (cursor) => `${cursor.slice(0, -4)}AAAA`],
      ['whose seal was changed', (cursor) => `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`],
      ['with something behind it', (cursor) => `${cursor}AAAA`],
    ])('%s', async (_, change) => {
      const answer = await ask(`${DAYS}&cursor=${change(await aCursor())}`)
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, 'invalid-field', 'cursor'])
    })

    test('of another person or of another question', async () => {
      const cursor = await aCursor()
      expect((await ask(`${DAYS}&cursor=${cursor}`)).status).toBe(200)
      expect((await ask(`${DAYS}&cursor=${cursor}`, 'admin')).status).toBe(400)
      expect((await ask(`${DAYS}&status=pending&cursor=${cursor}`)).status).toBe(400)
    })
  })

  describe('a booking whose time cannot be had', () => {
    const refusedAt = async (as: 'receptionist' | 'patient', part: object) => {
      const body = { typeId: server.clinic.types.consultation.id, patientId: testId('Patient', 1), ...part }
      return server.request('POST', PATH, { as, body })
    }

    test('is offered up to five times that can be had, and names nobody', async () => {
      const taken = { doctorId: testId('Doctor', 3), start: NINE_O_CLOCK, patientId: testId('Patient', 19) }
      const answer = await refusedAt('receptionist', taken)
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([409, 'slot-taken', 'start'])
      expect(answer.body.alternatives).toHaveLength(5)
      expect(answer.body.alternatives[0].doctorId).toBe(testId('Doctor', 3))
      expect(JSON.stringify(answer.body)).not.toMatch(/Patient Number|Fixture/)
      for (const { doctorId, start } of answer.body.alternatives.slice(0, 1)) {
        const booked = await refusedAt('receptionist', { doctorId, start, patientId: testId('Patient', 19) })
        expect(booked.status).toBe(201)
      }
    })

    test('is never offered a time at which the patient is elsewhere', async () => {
      const start = NINE_O_CLOCK + hours(6)
      const first = await refusedAt('receptionist', {
        doctorId: testId('Doctor', 2),
        start,
        patientId: testId('Patient', 18),
      })
      expect(first.status).toBe(201)
      const busy = { doctorId: testId('Doctor', 3), start, patientId: testId('Patient', 18) }
      const answer = await refusedAt('receptionist', busy)
      expect([answer.status, answer.body.code]).toEqual([409, 'patient-busy'])
      const starts = answer.body.alternatives.map((free: { start: number }) => free.start)
      expect(starts.length).toBeGreaterThan(0)
      expect(starts).not.toContain(start)
    })

    test('by a patient is offered what is open to patients', async () => {
      const early = { doctorId: testId('Doctor', 1), start: NINE_O_CLOCK - hours(3) }
      const answer = await refusedAt('patient', early)
      expect([answer.status, answer.body.code]).toEqual([422, 'outside-hours'])
      expect(answer.body.alternatives.length).toBeGreaterThan(0)
    })

    test('for another reason than its time is offered nothing', async () => {
      const answer = await refusedAt('receptionist', { doctorId: testId('Doctor', 77), start: NINE_O_CLOCK })
      expect([answer.status, answer.body.alternatives]).toEqual([422, undefined])
    })
  })
})
