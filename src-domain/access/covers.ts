import type { Grant } from './permissions.ts'

/**
 * True when somebody who holds `held` also holds everything in `wanted`: a permission for the clinic holds it in every scope.
 * The rule behind "nobody grants, changes or takes away what they do not hold".
 */
export const coversGrants = (held: readonly Grant[], wanted: readonly Grant[]): boolean =>
  wanted.every(({ permission, scope }) =>
    held.some((grant) => grant.permission === permission && (grant.scope === 'clinic' || grant.scope === scope)),
  )

/** True for rights of somebody who works at the clinic, and not only comes as a patient. */
export const isStaff = (grants: readonly Grant[]): boolean => grants.some(({ scope }) => scope !== 'own-patient')
