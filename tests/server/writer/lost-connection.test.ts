// A connection is killed at every single statement of a batch of twenty with one bad row; and, at each kind of statement, it is
// lost before the statement arrives, and after it was carried out but not answered. Answers and tables must agree each time.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '#server/database/database.ts'
import { CommitUnknown } from '#server/database/errors.ts'
import { type ClinicWriter, createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { aFixtureClinic, type Fixture } from '#tests/support/fixture-clinic.ts'
import { type Break, MysqlBreaker } from '#tests/support/mysql-breaker.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { expectAgreement, expectSoundness, sendBatch } from '#tests/support/writer-batch.ts'

/** Some hundred and thirty batches, each with a reconnection. */
const EACH_STATEMENT_MS = 180_000

describe.runIf(engines.includes('mysql'))('a lost connection', () => {
  let fixture: Fixture
  let breaker: MysqlBreaker
  let database: Database
  let writer: ClinicWriter

  beforeAll(async () => {
    fixture = await aFixtureClinic('mysql')
    breaker = await MysqlBreaker.open()
    database = openDatabase({ url: breaker.urlOf(fixture.url), writers: 1, readers: 1 })
    const now = () => fixture.clock.now
    writer = createClinicWriter({ database, now, newId: newIdSource(now) })
  })
  afterAll(async () => {
    await writer.close()
    await database.close()
    await breaker.close()
    await fixture.close()
  })

  /** The statements of an undisturbed batch on a warm connection. */
  async function undisturbed(): Promise<string[]> {
    await sendBatch(writer, fixture)
    breaker.arm('before', 0)
    await expectAgreement(fixture, await sendBatch(writer, fixture))
    return [...breaker.statements]
  }

  /** Breaks a batch at each of the statements (1 is the first) and compares. */
  async function breakAt(mode: Break, statements: readonly string[], chosen: readonly number[]): Promise<void> {
    for (const statement of chosen) {
      breaker.arm(mode, statement)
      const sent = await sendBatch(writer, fixture)
      const accepted = sent.answers.filter((answer) => answer.status === 'fulfilled' && answer.value.ok).length
      const where = `${mode} statement ${statement}: ${statements[statement - 1]}`
      expect([where, accepted]).toEqual([where, 19])
      await expectAgreement(fixture, sent)
    }
    await expectSoundness(fixture)
  }

  test(
    'killed at each statement of a batch leaves answers and tables in agreement',
    async () => {
      const statements = await undisturbed()
      expect(statements[0]).toMatch(/^start transaction/i)
      expect(statements[1]).toMatch(/^select .*change_counters.*/i)
      expect(statements.at(-1)).toMatch(/^commit/i)
      await breakAt(
        'kill',
        statements,
        statements.map((_, index) => index + 1),
      )
    },
    EACH_STATEMENT_MS,
  )

  test.each(['before', 'after'] satisfies Break[])(
    'lost %s a statement of each kind leaves them in agreement',
    async (mode) => {
      const statements = await undisturbed()
      const kindOf = (statement: string) => statement.slice(0, 32)
      const isFirstOrLast = (statement: string, index: number) =>
        statements.findIndex((other) => kindOf(other) === kindOf(statement)) === index ||
        statements.findLastIndex((other) => kindOf(other) === kindOf(statement)) === index
      const chosen = statements.flatMap((statement, index) => (isFirstOrLast(statement, index) ? [index + 1] : []))
      expect(chosen.at(-1)).toBe(statements.length)
      await breakAt(mode, statements, chosen)
    },
  )

  test('while committing, with a database that stays away, is answered as unknown and not as refused', async () => {
    const statements = await undisturbed()
    breaker.arm('after', statements.length)
    const sending = sendBatch(writer, fixture)
    breaker.isDown = true
    const sent = await sending
    breaker.isDown = false
    for (const answer of sent.answers)
      expect(answer.status === 'rejected' && answer.reason).toBeInstanceOf(CommitUnknown)
    await expectAgreement(fixture, sent, { unknown: true })
    await expectAgreement(fixture, await sendBatch(writer, fixture))
  })
})
