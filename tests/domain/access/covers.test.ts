import { expect, test } from 'vitest'
import { coversGrants, isStaff } from '#domain/access/covers.ts'
import { SHIPPED_ROLE_GRANTS, SHIPPED_ROLES } from '#domain/access/roles.ts'

test('whoever holds a permission for the clinic holds it in every scope, and nobody holds it in another', () => {
  const at = (scope: 'own-patient' | 'own-doctor' | 'clinic') => [{ permission: 'book-appointment', scope }] as const
  expect(coversGrants(at('clinic'), at('own-doctor'))).toBe(true)
  expect(coversGrants(at('own-doctor'), at('own-doctor'))).toBe(true)
  expect(coversGrants(at('own-doctor'), at('clinic'))).toBe(false)
  expect(coversGrants(at('own-doctor'), at('own-patient'))).toBe(false)
  expect(coversGrants([], [])).toBe(true)
})

test('an administrator covers every shipped role, a receptionist no administrator', () => {
  for (const role of SHIPPED_ROLES)
    expect(coversGrants(SHIPPED_ROLE_GRANTS.admin, SHIPPED_ROLE_GRANTS[role])).toBe(true)
  expect(coversGrants(SHIPPED_ROLE_GRANTS.receptionist, SHIPPED_ROLE_GRANTS.admin)).toBe(false)
})

test('a patient is no staff, everybody else is', () => {
  expect(SHIPPED_ROLES.filter((role) => isStaff(SHIPPED_ROLE_GRANTS[role]))).toEqual([
    'doctor',
    'receptionist',
    'admin',
  ])
})
