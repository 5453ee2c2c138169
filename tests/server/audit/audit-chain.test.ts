import { describe, expect, test } from 'vitest'
import { openDatabase } from '#server/database/database.ts'
import { appendToChain } from '#server/operations/append-audit.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { aFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the audit of reads on %s', (engine) => {
  test('keeps one unbroken chain when many append to it at once', async () => {
    const fixture = await aFixtureClinic(engine)
    const other = openDatabase({ url: fixture.url })
    const { clinicId } = fixture.clinic
    const append = (index: number) => {
      const entry = {
        clinicId,
        userId: null,
        action: 'read',
        at: index,
        collection: 'patients',
        documentIds: [`${index}`],
      }
      return (index % 2 ? other : fixture.database).write((tx) => appendToChain(tx, 'desk:access', [entry, entry]))
    }
    await Promise.all(Array.from({ length: 20 }, (_, index) => append(index)))
    const rows = await fixture.database.read((tx) =>
      tx.selectFrom('audit_log').select('seq').where('chain', '=', 'desk:access').orderBy('seq').execute(),
    )
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect(await verifyAudit(fixture.database, clinicId)).toEqual([])
    await other.close()
    await fixture.close()
  })
})
