/** What must hold of the documents that the REST API writes, beyond their shape. */
import type { Subject } from '#domain/access/can.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import { applyChange } from '#server/operations/apply-change.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { changeAppointmentType } from './change-appointment-type.ts'
import { changeDoctor } from './change-doctor.ts'
import { changeRoom } from './change-room.ts'
import { changeScheduleTemplate } from './change-schedule-template.ts'
import type { Rule, Written } from './written.ts'

/** Collections that nobody pushes have their rules here; those that are pushed have one operation for every door. */
const RULES: { readonly [Name in CollectionName]?: Rule<Name> } = {
  doctors: changeDoctor,
  schedule_templates: changeScheduleTemplate,
  appointment_types: changeAppointmentType,
  rooms: changeRoom,
}

/** Stores the change, or says why not; after a refusal the caller rolls back. */
export async function applyResource<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  current: WireDocument<Name> | null,
  wanted: WireDocument<Name>,
): Promise<Written> {
  const rule = RULES[collection] as Rule<Name> | undefined
  const applied = await (rule
    ? rule(ctx, subject, current, wanted)
    : applyChange(ctx, subject, collection, current, wanted))
  return applied as Written
}
