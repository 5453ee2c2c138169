import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BatchTransaction } from '#server/database/batch-transaction.ts'
import { kindOfDatabaseError } from '#server/database/errors.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { at, book, placed, reasonOf } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DOCTOR_2 = testId('Doctor', 2)
const KEY = { key: ['clinic_id', 'collection', 'audience', 'document_id'], set: ['seq', 'visible'] } as const

describe.each(engines)('a quick batch on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const aView = (number: number, seq: number) => ({
    clinic_id: fixture.clinic.clinicId,
    collection: 'rooms' as const,
    audience: 'everyone',
    document_id: testId('Room', number),
    seq,
    visible: 1,
  })
  const viewsIn = (batchTx: BatchTransaction) =>
    batchTx.tx.selectFrom('document_views').select(['document_id', 'seq']).where('audience', '=', 'everyone').execute()

  test('whatever is asked next sees what was written, also in plain SQL', async () => {
    await fixture.database.write(async (tx) => {
      const batchTx = await BatchTransaction.open(tx, { isQuick: true })
      await batchTx.insert('document_views', [aView(1, 1)], KEY)
      await batchTx.insert('document_views', [aView(2, 2), aView(1, 3)], KEY)
      const seen = await viewsIn(batchTx)
      expect(seen.map(({ seq }) => seq).sort()).toEqual([2, 3])
      await batchTx.insert('document_views', [aView(3, 4)], KEY)
      const { rows } = await sql<{ seq: number }>`select seq from document_views where seq = 4`.execute(batchTx.tx)
      expect(rows.filter(({ seq }) => seq === 4).length).toBeGreaterThan(0)
      await batchTx.settle()
    })
  })

  test('rows of neighbours go in one statement', async () => {
    await fixture.database.write(async (tx) => {
      let statements = 0
      const counted = tx.withPlugin({
        transformQuery: ({ node }) => {
          statements += 1
          return node
        },
        transformResult: async ({ result }) => result,
      })
      const batchTx = await BatchTransaction.open(counted, { isQuick: true })
      for (let number = 10; number < 30; number += 1)
        await batchTx.insert('document_views', [aView(number, number)], KEY)
      await batchTx.settle()
      expect(statements).toBe(1)
      expect((await viewsIn(batchTx)).filter(({ seq }) => seq >= 10)).toHaveLength(20)
    })
  })

  test('a write that fails is known when the batch settles, whatever was asked in between', async () => {
    const failing = fixture.database.write(async (tx) => {
      const batchTx = await BatchTransaction.open(tx, { isQuick: true })
      await batchTx.insert('document_views', [aView(40, 1)])
      await batchTx.insert('document_views', [aView(40, 2)])
      await viewsIn(batchTx)
      await batchTx.settle()
    })
    const kind = await failing.catch((error: unknown) => kindOfDatabaseError(error))
    expect(kind).toBe('duplicate')
  })

  test('what was read stands until its table is written to, in whatever way', async () => {
    await fixture.database.write(async (tx) => {
      const batchTx = await BatchTransaction.open(tx, { isQuick: true })
      let loads = 0
      const read = () => batchTx.readUntilWritten('holds', 'live', async () => (loads += 1))
      expect([await read(), await read()]).toEqual([1, 1])
      await batchTx.insert('document_views', [aView(50, 1)], KEY)
      await viewsIn(batchTx)
      expect(await read()).toBe(1)
      await batchTx.tx.deleteFrom('holds').where('expires_at', '<', 0).execute()
      expect(await read()).toBe(2)
      await sql`delete from holds where expires_at < 0`.execute(batchTx.tx)
      expect(await read()).toBe(3)
    })
  })

  test('of two bookings for one time one wins, and one patient is in one place', async () => {
    const start = at(3)
    const answers = await Promise.all([
      book(fixture, { start, patientId: testId('Patient', 1) }),
      book(fixture, { start, patientId: testId('Patient', 2) }),
      book(fixture, { start, patientId: testId('Patient', 1), doctorId: DOCTOR_2 }),
      book(fixture, { start, patientId: testId('Patient', 3), doctorId: DOCTOR_2 }),
    ])
    expect(answers.map((answer) => (answer.ok ? 'booked' : reasonOf(answer)))).toEqual([
      'booked',
      'slot-taken',
      'patient-busy',
      'booked',
    ])
  })

  test('a time that is given up in the batch can be booked in it', async () => {
    const start = at(4)
    const receptionist = subjectOf(fixture.clinic, 'receptionist')
    const first = placed(await book(fixture, { start }))
    const [refused, , taken] = await Promise.all([
      book(fixture, { start, patientId: testId('Patient', 4) }),
      cancelAppointment(fixture, receptionist, first.id, { reason: 'moves away', revision: 1 }),
      book(fixture, { start, patientId: testId('Patient', 5) }),
    ])
    expect(reasonOf(refused)).toBe('slot-taken')
    expect(placed(taken).patientId).toBe(testId('Patient', 5))
  })

  test('a change of the visits that passes by the bookings is seen by the next one', async () => {
    const start = at(5)
    const first = placed(await book(fixture, { start }))
    const [, taken] = await Promise.all([
      fixture.writer.submit(fixture.clinic.clinicId, 'interactive', {
        subject: null,
        door: 'job',
        run: async ({ tx }) => {
          const gone = { is_deleted: 1, holds_time: 0 }
          await tx.updateTable('appointments').set(gone).where('id', '=', first.id).execute()
          return { ok: true, value: undefined }
        },
      }),
      book(fixture, { start, patientId: testId('Patient', 6) }),
      book(fixture, { start: at(5, '10:00'), patientId: testId('Patient', 7) }),
    ])
    expect(placed(taken).start).toBe(start)
  })
})
