import { mayEver, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Report, ReportType } from '#domain/api/report-api.ts'
import type { ReportFilter } from '#domain/report/report-filter.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import type { NewId } from '#server/operations/new-id.ts'
import type { Seal } from '#server/operations/seal.ts'
import type { ReportRow } from '#server/repositories/reports.ts'

/** What a report rests on: the right to have one, and to see what it is made of. */
export const REPORT_RIGHTS = ['view-reports', 'view-appointments'] as const satisfies readonly Permission[]

/** The rights of these that the subject has, as a report's row keeps them. */
export const rightsOf = (subject: Subject): string =>
  JSON.stringify(REPORT_RIGHTS.filter((permission) => mayEver(subject, permission)))

/** The subject with no more than the rights a report was asked for with. */
export function withRightsOf({ rights }: Pick<ReportRow, 'rights'>, subject: Subject): Subject {
  const kept = JSON.parse(rights) as Permission[]
  const isOther = (permission: Permission) => !(REPORT_RIGHTS as readonly Permission[]).includes(permission)
  return {
    ...subject,
    grants: subject.grants.filter(({ permission }) => isOther(permission) || kept.includes(permission)),
  }
}

/** Whether the subject still has what the report was made with. */
export const hasRightsOf = ({ rights }: Pick<ReportRow, 'rights'>, subject: Subject): boolean =>
  (JSON.parse(rights) as Permission[]).every((permission) => mayEver(subject, permission))

export type ReportDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
  /** Signs links to files. */
  readonly seal: Seal
  /** There is something to make. */
  readonly kick: () => void
  /** A report is no longer wanted: whoever makes it here stops at once. */
  readonly stop: (id: ReportRow['id']) => void
}

export function toReport(row: ReportRow): Report {
  return {
    id: row.id,
    definition: row.definition,
    filter: JSON.parse(row.filter) as ReportFilter,
    type: row.type,
    fileType: row.file_path === null ? null : (row.file_path.split('.').at(-1) as ReportType),
    fileSize: row.file_size,
    rowCount: row.row_count,
    status: row.status,
    progress: row.progress,
    note: row.note,
    error: row.error,
    scheduleId: row.schedule_id,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    expiresAt: row.expires_at,
  }
}

/** A row that waits to be made for the first time. */
export const queuedReport = (
  row: Pick<
    ReportRow,
    'id' | 'clinic_id' | 'user_id' | 'definition' | 'filter' | 'rights' | 'type' | 'created_at' | 'schedule_id'
  >,
): ReportRow => ({ ...row, ...UNMADE, attempts: 0 })

/** What a report has that is still to be made, or made again. */
export const UNMADE = {
  status: 'queued',
  progress: 0,
  file_path: null,
  file_size: null,
  row_count: null,
  note: '',
  error: '',
  lease_until: null,
  started_at: null,
  finished_at: null,
  expires_at: null,
  link_hash: null,
  link_until: null,
} as const satisfies Partial<ReportRow>
