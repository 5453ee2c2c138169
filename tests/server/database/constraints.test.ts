// The tables themselves refuse what no rule would let through, and trouble is told apart by number on both engines.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#server/database/database.ts'
import { insertIgnore, lockRow, upsert } from '#server/database/dialect.ts'
import { CommitUnknown, DatabaseUnavailable, isWorthRepeating, kindOfDatabaseError } from '#server/database/errors.ts'
import type { Tables } from '#server/database/tables.ts'
import { toRow } from '#server/repositories/document-rows.ts'
import { aPushed, at } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the tables on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const row = (part: Partial<Tables['appointments']> = {}) => ({
    ...toRow('appointments', aPushed(), FIXTURE_NOW),
    ...part,
  })
  const insert = (part: Partial<Tables['appointments']>) =>
    fixture.database.attempt((tx) => tx.insertInto('appointments').values(row(part)).execute())
  const kindOf = (work: Promise<unknown>) => work.then(() => 'accepted', kindOfDatabaseError)

  test.each<[string, Partial<Tables['appointments']>, string]>([
    ['an end before its start', { end_at: at(0) - 1 }, 'constraint'],
    ['a visit longer than a day', { end_at: at(1) + 1 }, 'constraint'],
    ['an unknown status', { status: 'waiting' as never }, 'constraint'],
    ['a cancelled visit that holds time', { status: 'cancelled', holds_time: 1 }, 'constraint'],
    ['a booked visit that holds none', { holds_time: 0 }, 'constraint'],
    ['a deleted visit that holds time', { is_deleted: 1 }, 'constraint'],
    ['an unplaced visit without its reason', { status: 'unplaced', holds_time: 0 }, 'constraint'],
    ['a missing value', { note: null as never }, 'constraint'],
    ['a text longer than its column', { reason: 'x'.repeat(501) }, 'constraint'],
    ['a doctor who does not exist', { doctor_id: testId('Doctor', 99) }, 'foreign-key'],
    ['a doctor of another clinic', { clinic_id: testId('Clinic', 2) }, 'foreign-key'],
    ['nothing wrong', {}, 'accepted'],
  ])('answer %s with %s', async (_, part, kind) => {
    expect(await kindOf(insert(part))).toBe(kind)
  })

  test('tell a taken key from other trouble', async () => {
    const taken = row()
    await fixture.database.write((tx) => tx.insertInto('appointments').values(taken).execute())
    expect(await kindOf(fixture.database.attempt((tx) => tx.insertInto('appointments').values(taken).execute()))).toBe(
      'duplicate',
    )
  })

  test('insert once where asked to, and still refuse broken values', async () => {
    const device = {
      id: testId('Device'),
      clinic_id: fixture.clinic.clinicId,
      last_user_id: fixture.clinic.userIds.admin,
      name: 'Desk 1',
      unsent_count: 0,
      created_at: 1,
      last_seen_at: 1,
      revoked_at: null,
    }
    const once = (part: Partial<Tables['devices']> = {}) =>
      fixture.database.attempt((tx) => insertIgnore(tx, 'devices', { ...device, ...part }))
    expect(await once()).toBe(true)
    expect(await once({ name: 'Desk 2' })).toBe(false)
    expect(await kindOf(once({ id: testId('Device', 2), name: 'x'.repeat(81) }))).toBe('constraint')
    await fixture.database.write((tx) =>
      upsert(tx, 'devices', [{ ...device, name: 'Desk 3', created_at: 2 }], { key: ['id'], set: ['name'] }),
    )
    const found = await fixture.database.read((tx) => tx.selectFrom('devices').selectAll().executeTakeFirst())
    expect(found).toEqual({ ...device, name: 'Desk 3' })
  })

  test('a write that meets a lock waits for it or runs again, and is done once', async () => {
    const other = openDatabase({ url: fixture.url })
    const add = (database: typeof other) =>
      database.write(async (tx) => {
        const { value } = await lockRow(tx, tx.selectFrom('change_counters').select('value')).executeTakeFirstOrThrow()
        await new Promise((resolve) => setTimeout(resolve, 5))
        await tx
          .updateTable('change_counters')
          .set({ value: value + 1 })
          .execute()
        return value
      })
    const values = await Promise.all(
      Array.from({ length: 12 }, (_, index) => add(index % 2 ? other : fixture.database)),
    )
    expect(new Set(values).size).toBe(12)
    await other.close()
  })
})

describe('driver errors', () => {
  test('are worth repeating when the same work may succeed later', () => {
    expect(isWorthRepeating({ errno: 1213, code: 'X' })).toBe(true)
    expect(isWorthRepeating({ errno: 1205 })).toBe(true)
    expect(isWorthRepeating({ code: 'ERR_SQLITE_ERROR', errcode: 5 })).toBe(true)
    expect(isWorthRepeating({ fatal: true })).toBe(true)
    expect(isWorthRepeating({ code: 'ECONNRESET', errno: -104 })).toBe(true)
    expect(isWorthRepeating({ errno: 4025, code: 'ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE' })).toBe(false)
    expect(isWorthRepeating(new CommitUnknown(null))).toBe(false)
    expect(isWorthRepeating(new DatabaseUnavailable(null))).toBe(false)
    expect(isWorthRepeating(undefined)).toBe(false)
  })
})
