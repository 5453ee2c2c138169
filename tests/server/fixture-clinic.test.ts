import { describe, expect, test } from 'vitest'
import { findDocument } from '#server/repositories/documents.ts'
import { aFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('saved documents on %s', (engine) => {
  test('a document comes back as it was stored', async () => {
    const fixture = await aFixtureClinic(engine)
    for (const type of Object.values(fixture.clinic.types)) {
      const stored = await fixture.database.read((tx) => findDocument(tx, 'appointment_types', type.id))
      expect(stored).toEqual({ ...type, revision: 1, _deleted: false })
    }
    const doctor = await fixture.database.read((tx) => findDocument(tx, 'doctors', fixture.clinic.doctors[0]?.id ?? ''))
    expect(doctor).toEqual({ ...fixture.clinic.doctors[0], _deleted: false })
    await fixture.close()
  })
})
