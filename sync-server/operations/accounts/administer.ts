/**
 * What every change of users, roles and rights goes through: the clinic's lock, the actor's rights as they are now, and the look
 * at whether anybody is left to administer the clinic. A change that fails either is undone and leaves its audit row alone.
 */
import { userAudience } from '#domain/access/audiences.ts'
import { can, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { UserId } from '#domain/ids.ts'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import type { Outcome, WriteContext } from '#server/operations/write-context.ts'
import { loadSubjectRow } from '#server/repositories/access.ts'
import { findClinicUser } from '#server/repositories/clinic-users.ts'
import { hasAdministrator, raiseAccessVersion } from '#server/repositories/user-admin.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'

export type AdminRefusal = Refused<
  | 'not-allowed'
  | 'not-found'
  | 'last-admin'
  | 'unknown-reference'
  | 'already-linked'
  | 'shared-account'
  | 'name-taken'
  | 'role-in-use'
  | 'role-needed'
>

type Success = { readonly ok: true }
type Changed<Value> = Value | AdminRefusal

/**
 * @param permission held for the whole clinic, or nothing is done
 * @param run makes the change; `actor` holds the rights as they stand under the lock, however old those of the session are
 */
export function administer<Value extends Success>(
  deps: Pick<AccountDeps, 'writer'>,
  subject: Subject,
  permission: Permission,
  run: (ctx: WriteContext, actor: Subject) => Promise<Changed<Value>>,
): Promise<Changed<Value>> {
  const { clinicId, userId } = subject
  return deps.writer.submit<Changed<Value>>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx): Promise<Outcome<Changed<Value>>> => {
      const actor = await loadSubjectRow(ctx.tx, clinicId, userId)
      const isActive = (await findClinicUser(ctx.tx, clinicId, userId))?.isActive === true
      if (!isActive || !can(actor, permission, { clinicId })) return { ok: false, value: refuse('not-allowed') }
      const value = await run(ctx, actor)
      if (!value.ok) return { ok: false, value }
      if (!(await hasAdministrator(ctx.tx, clinicId))) return { ok: false, value: refuse('last-admin') }
      return { ok: true, value }
    },
    refused: async (ctx, value) => {
      const reason = value.ok ? '' : value.reason
      // What is forbidden or not there is on the log already, as every answer of that kind is.
      if (reason === 'not-allowed' || reason === 'not-found') return
      ctx.addAudit({ userId, action: 'administration-refused', detail: { permission, reason } })
    },
  })
}

/** Raises the count of the changes of people's rights, and makes their devices look what they may still hold. */
export async function noteRightsChanged(ctx: WriteContext, userIds: readonly UserId[]): Promise<void> {
  await raiseAccessVersion(ctx.tx, userIds, ctx.now)
  const audiences = userIds.map(userAudience)
  for (const collection of COLLECTION_NAMES) ctx.touch(collection, audiences)
}
