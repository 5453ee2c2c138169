// The version before knew fewer permissions: a clinic's shipped roles get the new ones, and nothing of its own is touched.
import { describe, expect, test } from 'vitest'
import { PERMISSIONS } from '#domain/access/permissions.ts'
import { SHIPPED_ROLE_GRANTS, SHIPPED_ROLES } from '#domain/access/roles.ts'
import { DEFAULT_POLICIES } from '#domain/clinic/policies.ts'
import { openDatabase } from '#server/database/database.ts'
import { MIGRATIONS, migrateDatabase } from '#server/database/migrate.ts'
import { insertRole } from '#server/repositories/access.ts'
import { getPolicies, insertClinic, setPolicies } from '#server/repositories/clinic-rows.ts'
import { TEST_ZONE, testId } from '#tests/support/builders.ts'
import { anEmptyDatabase, engines } from '#tests/support/throw-away-database.ts'

const CLINIC = { id: testId('Clinic'), name: 'Old Clinic', zone: TEST_ZONE }
const NEW = PERMISSIONS.slice(PERMISSIONS.indexOf('manage-waitlist'), PERMISSIONS.indexOf('manage-privacy') + 1)

describe.each(engines)('the version before on %s', (engine) => {
  test('the shipped roles get the new permissions once, a role of the clinic’s own and a taken-away right stay', async () => {
    const { url, drop } = await anEmptyDatabase(engine)
    await migrateDatabase({ url }, { migrations: MIGRATIONS.filter(({ number }) => number <= 4) })
    const database = openDatabase({ url })
    const roleIds = new Map([...SHIPPED_ROLES, 'night nurse'].map((name, index) => [name, testId('Role', index + 1)]))
    await database.write(async (tx) => {
      await insertClinic(tx, CLINIC, testId('Epoch'), 1)
      for (const [name, id] of roleIds) {
        const shipped = SHIPPED_ROLE_GRANTS[name as 'admin'] ?? []
        const grants = shipped.filter(
          ({ permission }) => !NEW.includes(permission) && permission !== 'overbook-appointment',
        )
        await insertRole(tx, { id, clinicId: CLINIC.id, name }, grants)
      }
    })
    await migrateDatabase({ url })
    const held = await database.read((tx) => tx.selectFrom('role_has_permissions').selectAll().execute())
    const grantsOf = (name: string) =>
      held
        .filter(({ role_id }) => role_id === roleIds.get(name))
        .map(({ permission, scope }) => `${permission} ${scope}`)
        .sort()
    for (const name of SHIPPED_ROLES) {
      const wanted = SHIPPED_ROLE_GRANTS[name].filter(({ permission }) => permission !== 'overbook-appointment')
      expect(grantsOf(name)).toEqual(wanted.map(({ permission, scope }) => `${permission} ${scope}`).sort())
    }
    expect(grantsOf('night nurse')).toEqual([])
    await database.close()
    await drop()
  })

  test('a clinic without policies has the defaults, and keeps what it decides', async () => {
    const { url, drop } = await anEmptyDatabase(engine)
    await migrateDatabase({ url })
    const database = openDatabase({ url })
    const policies = { ...DEFAULT_POLICIES, holdSeconds: 300 }
    await database.write(async (tx) => {
      await insertClinic(tx, CLINIC, testId('Epoch'), 1)
      expect(await getPolicies(tx, CLINIC.id)).toEqual(DEFAULT_POLICIES)
      await setPolicies(tx, CLINIC.id, policies)
    })
    expect(await database.read((tx) => getPolicies(tx, CLINIC.id))).toEqual(policies)
    await database.close()
    await drop()
  })
})
