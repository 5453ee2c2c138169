/** Row types of doctors who run late, and of whom was to be told so. */
import type { Id } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'

export type DelayTables = {
  /** One row a doctor and day; 0 minutes is back on time. */
  doctor_delays: {
    clinic_id: Id<'Clinic'>
    doctor_id: Id<'Doctor'>
    local_day: LocalDay
    minutes: number
    set_by: Id<'User'>
    set_at: Instant
  }
  /** One row a visit, doctor and figure of a day, so that nobody is told the same figure twice. */
  delay_notices: {
    id: Id<'DelayNotice'>
    clinic_id: Id<'Clinic'>
    doctor_id: Id<'Doctor'>
    local_day: LocalDay
    appointment_id: Id<'Appointment'>
    minutes: number
    /** What was told in one go, and can be taken back so. */
    batch_id: Id<'DelayBatch'>
    created_at: Instant
  }
}
