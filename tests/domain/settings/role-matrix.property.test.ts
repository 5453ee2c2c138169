import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coversGrants } from '#domain/access/covers.ts'
import { PERMISSIONS, SCOPES } from '#domain/access/permissions.ts'
import { PERMISSION_GROUPS, REACHES, reachChanges, reachOf, withReach } from '#domain/settings/role-matrix.ts'

const permission = fc.constantFrom(...PERMISSIONS)
const grants = fc.array(fc.record({ permission, scope: fc.constantFrom(...SCOPES) }), { maxLength: 30 })
const reach = fc.constantFrom(...REACHES)

test('every permission stands in one group, once', () => {
  expect([...Object.values(PERMISSION_GROUPS).flat()].sort()).toEqual([...PERMISSIONS].sort())
})

test('a cell shows what was set in it, and no other cell moves', () => {
  fc.assert(
    fc.property(grants, permission, reach, permission, (before, row, wanted, other) => {
      const after = withReach(before, row, wanted)
      expect(reachOf(after, row)).toBe(wanted)
      if (other !== row) expect(reachOf(after, other)).toBe(reachOf(before, other))
    }),
  )
})

test('no change is said where nothing changes, and setting what is said leads from one to the other', () => {
  fc.assert(
    fc.property(grants, grants, (before, after) => {
      expect(reachChanges(before, before)).toEqual([])
      const changes = reachChanges(before, after)
      const replayed = changes.reduce((held, change) => withReach(held, change.permission, change.to), before)
      expect(reachChanges(replayed, after)).toEqual([])
      expect(coversGrants(replayed, after) && coversGrants(after, replayed)).toBe(true)
    }),
  )
})
