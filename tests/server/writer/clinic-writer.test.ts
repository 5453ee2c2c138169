import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '#server/database/connections.ts'
import { databaseOn, openDatabase } from '#server/database/database.ts'
import { createClinicWriter, MAX_BATCH, MAX_BULK } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import type { Job, Lane } from '#server/operations/write-context.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { at, book, placed, reasonOf } from '#tests/support/bookings.ts'
import { aSchedule, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { expectAgreement, expectSoundness, sendBatch } from '#tests/support/writer-batch.ts'

describe.each(engines)('the clinic writer on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const submit = <Value>(run: Job<Value>['run'], lane: Lane = 'interactive') =>
    fixture.writer.submit<Value>(fixture.clinic.clinicId, lane, { subject: null, door: 'rest', run })
  const counterNow = async () =>
    (await fixture.database.read((tx) => findCounter(tx, fixture.clinic.clinicId)))?.value ?? Number.NaN

  test('nobody is answered before the whole batch is committed', async () => {
    const seen: number[] = []
    const before = await counterNow()
    const jobs = [1, 2, 3].map(() =>
      submit(async (ctx) => ({ ok: true, value: ctx.nextSeq() })).then(async (seq) => {
        seen.push(await counterNow())
        return seq
      }),
    )
    expect(await Promise.all(jobs)).toEqual([before + 1, before + 2, before + 3])
    expect(seen).toEqual([before + 3, before + 3, before + 3])
  })

  test('a write that throws fails alone, and takes its numbers and rows with it', async () => {
    const before = await counterNow()
    const answers = await Promise.allSettled([
      submit(async (ctx) => ({ ok: true, value: ctx.nextSeq() })),
      submit(async (ctx) => {
        await ctx.tx.updateTable('clinics').set({ name: 'half-written' }).execute()
        ctx.nextSeq()
        throw new Error('a surprise')
      }),
      submit(async (ctx) => ({ ok: true, value: ctx.nextSeq() })),
    ])
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: before + 1 },
      { status: 'rejected', reason: { message: 'a surprise' } },
      { status: 'fulfilled', value: before + 2 },
    ])
    const clinic = await fixture.database.read((tx) => tx.selectFrom('clinics').select('name').executeTakeFirst())
    expect(clinic?.name).toBe('Fixture Clinic')
  })

  test('a refusal takes back what its write had done, and keeps what is noted about it', async () => {
    const before = await counterNow()
    const note =
      (name: string): Job<number>['run'] =>
      async (ctx) => {
        await ctx.tx.insertInto('roles').values({ id: ctx.newId(), clinic_id: ctx.clinicId, name }).execute()
        return { ok: false, value: ctx.nextSeq() }
      }
    const answers = await Promise.all([
      fixture.writer.submit<number>(fixture.clinic.clinicId, 'interactive', {
        subject: null,
        door: 'rest',
        run: note('undone'),
        refused: async (ctx, value) => {
          expect(value).toBe(before + 1)
          await note('kept')(ctx)
        },
      }),
      submit(async (ctx) => ({ ok: true, value: ctx.nextSeq() })),
    ])
    expect(answers).toEqual([before + 1, before + 2])
    const roles = await fixture.database.read((tx) => tx.selectFrom('roles').select('name').execute())
    expect(roles.map(({ name }) => name).filter((name) => name === 'undone' || name === 'kept')).toEqual(['kept'])
  })

  test('a statement the database refuses fails its own write alone', async () => {
    const before = await counterNow()
    const answers = await Promise.allSettled([
      submit(async (ctx) => {
        await ctx.tx
          .insertInto('roles')
          .values({ id: testId('Role'), clinic_id: testId('Clinic', 99), name: 'x' })
          .execute()
        return { ok: true, value: 0 }
      }),
      submit(async (ctx) => ({ ok: true, value: ctx.nextSeq() })),
    ])
    expect(answers).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: before + 1 }])
  })

  test('people go before bulk, and bulk gets at most twenty places beside them', async () => {
    const order: string[] = []
    const note = (name: string) =>
      submit(async () => ({ ok: true, value: order.push(name) }), name === 'bulk' ? 'bulk' : 'interactive')
    const bulk = Array.from({ length: 45 }, () => note('bulk'))
    const first = note('person')
    await first
    expect(order[0]).toBe('person')
    expect(order.length).toBe(1 + MAX_BULK)
    await Promise.all(bulk)
  })

  test('bulk writes get a place even while people keep coming', async () => {
    const order: string[] = []
    const bulk = submit(async () => ({ ok: true, value: order.push('bulk') }), 'bulk')
    const people = Array.from({ length: 120 }, () => submit(async () => ({ ok: true, value: order.push('person') })))
    await Promise.all([bulk, ...people])
    expect(order.indexOf('bulk')).toBe(MAX_BATCH - 1)
  })

  test('opening a transaction inside one is refused instead of waiting for itself', async () => {
    const { database } = fixture
    await expect(database.write(() => database.read(async () => 1))).rejects.toThrow('pass its tx')
    await expect(database.read(() => database.write(async () => 1))).rejects.toThrow('pass its tx')
    await expect(database.write(() => submit(async () => ({ ok: true, value: 1 })))).rejects.toThrow('pass its tx')
    await expect(submit(() => database.read(async () => ({ ok: true, value: 1 })))).rejects.toThrow('pass its tx')
    expect(await database.read(async () => 'still works')).toBe('still works')
  })

  test('a read sees one state, whatever is committed meanwhile', async () => {
    const [inside, after] = await fixture.database.read(async (tx) => {
      const first = await findCounter(tx, fixture.clinic.clinicId)
      const other = openDatabase({ url: fixture.url })
      await new Promise((resolve, reject) => {
        // Out of this transaction's context, as another request would be.
        setImmediate(() => {
          other
            .write((writing) =>
              writing
                .updateTable('change_counters')
                .set(({ eb }) => ({ value: eb('value', '+', 5) }))
                .execute(),
            )
            .then(resolve, reject)
        })
      })
      await other.close()
      return [first?.value, (await findCounter(tx, fixture.clinic.clinicId))?.value]
    })
    expect(after).toBe(inside)
    expect(await counterNow()).toBe((inside ?? 0) + 5)
  })

  test('what another instance has written is seen by the next decision', async () => {
    const other = openDatabase({ url: fixture.url })
    const now = () => fixture.clock.now
    const elsewhere = createClinicWriter({ database: other, now, newId: newIdSource(now) })
    placed(await book(fixture, { start: at(2) }))
    await seedDocuments(elsewhere, 'schedules', [
      aSchedule({ id: testId('Schedule', 900), doctorId: testId('Doctor', 1), date: '2026-10-16' }),
    ])
    expect(reasonOf(await book(fixture, { start: at(2, '10:00') }))).toBe('outside-hours')
    await elsewhere.close()
    await other.close()
  })

  test('whoever listens learns after the commit which audiences have something new', async () => {
    fixture.committed.length = 0
    const { doctorId, clinicId } = placed(await book(fixture, { start: at(3) }))
    expect(fixture.committed).toHaveLength(1)
    const [news] = fixture.committed
    expect(news?.seq).toBe(await counterNow())
    expect([...(news?.touched.get('appointments') ?? [])].sort()).toEqual([`clinic:${clinicId}`, `doctor:${doctorId}`])
    await book(fixture, { start: at(3) })
    expect(fixture.committed).toHaveLength(1)
  })

  test('an unknown clinic is an error for its callers only', async () => {
    const job: Job<number> = { subject: null, door: 'rest', run: async () => ({ ok: true, value: 1 }) }
    await expect(fixture.writer.submit(testId('Clinic', 404), 'interactive', job)).rejects.toThrow('no such clinic')
  })

  test('a booking among nineteen others takes few statements', async () => {
    const connections = connect({ url: fixture.url, writers: 1, readers: 1 })
    const trouble = new Trouble()
    const database = databaseOn({ ...connections, writer: connections.writer.withPlugin(trouble) })
    const now = () => fixture.clock.now
    const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
    await sendBatch(writer, fixture)
    trouble.plan(Number.POSITIVE_INFINITY, 0)
    await sendBatch(writer, fixture)
    console.info(`${engine}: ${trouble.seen / 20} statements per booking`)
    // Three of its own: a look at the visits, the row, who sees it. What one batch needs is shared by twenty.
    expect(trouble.seen / 20).toBeLessThan(6)
    await writer.close()
    await database.close()
  })

  // On MariaDB the connection itself is cut: lost-connection.test.ts.
  if (engine === 'sqlite')
    test('trouble at any statement leaves answers and tables in agreement', async () => {
      const connections = connect({ url: fixture.url, writers: 1, readers: 1 })
      const trouble = new Trouble()
      const database = databaseOn({ ...connections, writer: connections.writer.withPlugin(trouble) })
      const now = () => fixture.clock.now
      const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
      await sendBatch(writer, fixture)
      trouble.plan(Number.POSITIVE_INFINITY, 0)
      await sendBatch(writer, fixture)
      const statements = trouble.seen
      for (let statement = 1; statement <= statements; statement += 2) {
        for (const code of [BUSY, DISK_FULL]) {
          trouble.plan(statement, code)
          const sent = await sendBatch(writer, fixture)
          await expectAgreement(fixture, sent, { unknown: code === DISK_FULL })
        }
      }
      await expectSoundness(fixture)
      await writer.close()
      await database.close()
    })

  test('closing answers who waits and takes nobody new', async () => {
    const database = openDatabase({ url: fixture.url })
    const now = () => fixture.clock.now
    const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
    const job: Job<string> = { subject: null, door: 'rest', run: async () => ({ ok: true, value: 'done' }) }
    const waiting = Array.from({ length: 70 }, () => writer.submit(fixture.clinic.clinicId, 'interactive', job))
    await writer.close()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['done']))
    await expect(writer.submit(fixture.clinic.clinicId, 'interactive', job)).rejects.toThrow('did not answer')
    await database.close()
  })
})

const BUSY = 5
const DISK_FULL = 13

/** Throws what a driver would, before the n-th statement from now. */
class Trouble implements KyselyPlugin {
  seen = 0
  #at = Number.POSITIVE_INFINITY
  #code = 0

  plan(at: number, code: number): void {
    this.seen = 0
    this.#at = at
    this.#code = code
  }

  transformQuery: KyselyPlugin['transformQuery'] = ({ node }) => {
    this.seen += 1
    if (this.seen === this.#at)
      throw Object.assign(new Error('trouble'), { code: 'ERR_SQLITE_ERROR', errcode: this.#code })
    return node
  }

  transformResult: KyselyPlugin['transformResult'] = async ({ result }) => result
}
