/**
 * Who sees a row, as SQL. Views say it for what devices hold whole. Of what belongs to a day they know only the days on devices,
 * so there it is read from the content: the same rule as `audiencesOfDocument`, which a test holds against this one.
 */
import { type SqlBool, sql } from 'kysely'
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { DatedCollection } from '#domain/sync/window.ts'

type Condition = ReturnType<typeof sql<SqlBool>>
/** By kind of audience, whether one sees the row; `id` is what the audience names. Other kinds see none. */
type Rule = { readonly [kind: string]: ((id: string) => Condition) | undefined }

const NOBODY = sql<SqlBool>`1 = 0`

const BY_CONTENT: Readonly<Record<DatedCollection, Rule>> = {
  appointments: {
    // The wanted doctor learns how many requests wait, not which.
    doctor: (id) => sql`(documents.doctor_id = ${id} and documents.status <> 'unplaced')`,
    user: (id) => sql`(documents.patient_id in (select patients.id from patients where patients.user_id = ${id})
      or (documents.status = 'unplaced' and documents.created_by = ${id}))`,
  },
  schedules: { doctor: (id) => sql`documents.doctor_id = ${id}` },
  day_notes: {
    doctor: (id) => sql`documents.doctor_id = ${id}`,
    staff: (id) => sql`(documents.clinic_id = ${id} and documents.doctor_id is null)`,
  },
  allotments: { doctor: (id) => sql`documents.doctor_id = ${id}` },
}

/** The condition that one of the audiences sees the row of the table that the query calls `documents`. */
export function isSeenBy(name: CollectionName, clinicId: ClinicId, audiences: readonly Audience[]): Condition {
  if (audiences.length === 0) return NOBODY
  const rule = (BY_CONTENT as Partial<Record<CollectionName, Rule>>)[name]
  if (rule)
    return sql`(${sql.join(
      audiences.map((audience) => isSeenByOne(rule, audience)),
      sql` or `,
    )})`
  return sql`exists (select 1 from document_views as view where view.clinic_id = ${clinicId} and view.collection = ${name}
    and view.audience in (${sql.join([...audiences])}) and view.document_id = documents.id and view.visible = 1)`
}

function isSeenByOne(rule: Rule, audience: Audience): Condition {
  const [kind, id] = audience.split(':') as [string, string]
  if (kind === 'clinic') return sql`documents.clinic_id = ${id}`
  return rule[kind]?.(id) ?? NOBODY
}
