import type { Grant } from '#domain/access/permissions.ts'
import type { ChangeUserBody, ClinicUser } from '#domain/api/user-schemas.ts'

export type WantedUser = Required<ChangeUserBody>

/** Only what is to change, so that a form open for long never writes back what somebody else has changed meanwhile; null for nothing. */
export function changeOfUser(user: ClinicUser, wanted: WantedUser): ChangeUserBody | null {
  const name = wanted.name.trim()
  const before = user.roles.map(({ id }) => id)
  const change: ChangeUserBody = {
    ...(name !== '' && name !== user.name && { name }),
    ...(wanted.isActive !== user.isActive && { isActive: wanted.isActive }),
    ...(wanted.doctorId !== user.doctorId && { doctorId: wanted.doctorId }),
    ...(!isSameSet(before, wanted.roleIds) && { roleIds: wanted.roleIds }),
    ...(!isSameSet(user.grants.map(keyOf), wanted.grants.map(keyOf)) && { grants: wanted.grants }),
  }
  return Object.keys(change).length === 0 ? null : change
}

const keyOf = ({ permission, scope }: Grant): string => `${permission} ${scope}`
const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one))
