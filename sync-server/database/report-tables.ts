/** Row types of reports: what was asked for and became of it, and what is made again and again. */
import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'

export type ReportTables = {
  reports: {
    id: Id<'Report'>
    clinic_id: Id<'Clinic'>
    /** Whose eyes it was made for: nobody else gets it. */
    user_id: Id<'User'>
    definition: string
    /** JSON: days and what narrows them. */
    filter: string
    /** JSON: the rights, of those a report rests on, with which it was asked for; a program may have fewer than its person. */
    rights: string
    /** As it was asked for. */
    type: 'pdf' | 'csv' | 'xlsx'
    status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired'
    /** 0 to 100. */
    progress: number
    /** The file's name in the folder of reports; null while there is none. Its ending may be another than `type`. */
    file_path: string | null
    file_size: number | null
    row_count: number | null
    /** Why it is not what was asked for; empty when it is. */
    note: string
    /** A code; empty unless it failed. */
    error: string
    /** How often it was begun since it was asked for. */
    attempts: number
    /** While it runs: when another instance may take it over. */
    lease_until: Instant | null
    created_at: Instant
    started_at: Instant | null
    finished_at: Instant | null
    /** When its file is deleted. */
    expires_at: Instant | null
    schedule_id: Id<'ReportSchedule'> | null
    /** SHA-256 of the secret of the one link that works; null when none does. */
    link_hash: string | null
    link_until: Instant | null
  }
  report_schedules: {
    id: Id<'ReportSchedule'>
    clinic_id: Id<'Clinic'>
    name: string
    definition: string
    /** JSON: a period relative to the day it runs, and what narrows it. */
    filter: string
    type: 'pdf' | 'csv' | 'xlsx'
    /** Monday is 1; with `day_of_month` null as well it runs every day. */
    weekday: number | null
    day_of_month: number | null
    local_time: string
    zone: string
    /** JSON list of ids of users. */
    recipients: string
    is_active: number
    next_run_at: Instant
    last_run_at: Instant | null
    created_by: Id<'User'>
    created_at: Instant
    updated_at: Instant
    revision: number
  }
}
