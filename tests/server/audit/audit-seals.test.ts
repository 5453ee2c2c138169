/** What somebody who can write the database, but does not know the server's key, can do to the audit unseen: nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Tables } from '#server/database/tables.ts'
import { createAccessAudit } from '#server/operations/access-audit.ts'
import { linkEntries } from '#server/operations/audit-chain.ts'
import { createSealKey, sealAudit } from '#server/operations/audit-seal.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { aFixtureClinic, type Fixture } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const KEY = createSealKey('a secret of the tests, 32 characters long')
const CHAIN = 'desk:access'
const TABLES = ['audit_log', 'audit_chains', 'audit_seals'] as const

describe.each(engines)('the sealed audit on %s', (engine) => {
  let fixture: Fixture
  const whole: { [Name in (typeof TABLES)[number]]?: Tables[Name][] } = {}
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    await note(6)
    await seal()
    await note(2)
    for (const name of TABLES) {
      whole[name] = (await fixture.database.read((tx) => tx.selectFrom(name).selectAll().execute())) as never
    }
  })
  afterEach(() =>
    fixture.database.write(async (tx) => {
      for (const name of TABLES) {
        await tx.deleteFrom(name).execute()
        await tx
          .insertInto(name)
          .values(whole[name] as never)
          .execute()
      }
    }),
  )
  afterAll(() => fixture.close())

  const clinicId = () => fixture.clinic.clinicId
  async function note(count: number): Promise<void> {
    const audit = createAccessAudit({ database: fixture.database, now: () => fixture.clock.now, instanceId: 'desk' })
    for (let index = 0; index < count; index += 1) {
      await audit.note({ clinicId: clinicId(), userId: null, action: 'read', documentIds: [] })
    }
  }
  const seal = () => fixture.database.write((tx) => sealAudit(tx, KEY, { clinicId: clinicId(), at: fixture.clock.now }))
  const verify = (key = KEY) => verifyAudit(fixture.database, clinicId(), key)
  const rows = () =>
    fixture.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().where('chain', '=', CHAIN).orderBy('seq').execute(),
    )
  const edit = (seq: number, set: Partial<Tables['audit_log']>) =>
    fixture.database.write((tx) =>
      tx.updateTable('audit_log').set(set).where('chain', '=', CHAIN).where('seq', '=', seq).execute(),
    )
  const remove = (from: number) =>
    fixture.database.write((tx) =>
      tx.deleteFrom('audit_log').where('chain', '=', CHAIN).where('seq', '>=', from).execute(),
    )
  /** What a careful intruder does after cutting rows off: the head says what is left. */
  const moveHeadTo = async (seq: number) => {
    const last = (await rows()).at(-1)
    await fixture.database.write((tx) =>
      tx
        .updateTable('audit_chains')
        .set({ seq, hash: last?.hash ?? '0'.repeat(64) })
        .where('chain', '=', CHAIN)
        .execute(),
    )
  }

  test('holds, with rows since the last seal and after another', async () => {
    expect(await verify()).toEqual([])
    await seal()
    expect(await verify()).toEqual([])
  })

  test.each([
    ['who', { user_id: null, action: 'logged-in' }],
    ['when', { at: 1 }],
    ['what', { document_ids: '["x"]' }],
    ['the door', { door: 'job' }],
    ['the device', { device_id: '00000000-0000-7000-8000-000000000001' as never }],
  ])('shows a row in which %s was changed', async (_, set) => {
    await edit(3, set)
    expect(await verify()).toEqual([{ chain: CHAIN, seq: 3, fault: 'row' }])
  })

  test('shows a removed row', async () => {
    await fixture.database.write((tx) =>
      tx.deleteFrom('audit_log').where('chain', '=', CHAIN).where('seq', '=', 4).execute(),
    )
    expect(await verify()).toEqual([{ chain: CHAIN, seq: 4, fault: 'row' }])
  })

  test('shows two rows that changed places', async () => {
    await edit(2, { seq: 99 })
    await edit(3, { seq: 2 })
    await edit(99, { seq: 3 })
    expect(await verify()).toEqual([{ chain: CHAIN, seq: 2, fault: 'row' }])
  })

  test('shows rows cut off the end, also when the head was moved back to what is left', async () => {
    await remove(5)
    expect(await verify()).toEqual([{ chain: CHAIN, seq: 5, fault: 'end' }])
    await moveHeadTo(4)
    expect(await verify()).toEqual([{ chain: CHAIN, seq: 5, fault: 'end' }])
  })

  test('shows a chain that was removed altogether', async () => {
    await remove(1)
    await fixture.database.write((tx) => tx.deleteFrom('audit_chains').where('chain', '=', CHAIN).execute())
    expect(await verify()).toEqual([{ chain: CHAIN, seq: 1, fault: 'end' }])
  })

  test('shows a chain that was written anew from a row on, every hash right', async () => {
    const [first, second] = await rows()
    if (!first || !second) throw new Error('no rows')
    await remove(2)
    const forged = linkEntries(
      first,
      CHAIN,
      Array.from({ length: 7 }, () => ({ clinicId: clinicId(), userId: null, action: 'nothing', at: second.at })),
    )
    await fixture.database.write((tx) => tx.insertInto('audit_log').values(forged).execute())
    await moveHeadTo(8)
    expect(await verify()).toEqual([{ chain: CHAIN, seq: 6, fault: 'row' }])
  })

  test('shows a seal that was made without the key, changed, or taken out', async () => {
    await seal()
    expect(await verify(createSealKey('another secret'))).toEqual([{ chain: 'seals', seq: 1, fault: 'seal' }])
    await fixture.database.write((tx) => tx.updateTable('audit_seals').set({ at: 1 }).where('number', '=', 2).execute())
    expect(await verify()).toEqual([{ chain: 'seals', seq: 2, fault: 'seal' }])
    await fixture.database.write((tx) => tx.deleteFrom('audit_seals').where('number', '=', 1).execute())
    expect(await verify()).toEqual([{ chain: 'seals', seq: 2, fault: 'seal' }])
  })
})
