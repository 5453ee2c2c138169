import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import {
  type AppointmentCriteria,
  type AppointmentPlace,
  countVisibleAppointments,
  pageVisibleAppointments,
} from '#server/repositories/appointment-search.ts'
import { byWhom } from './audit-entry.ts'
import type { ReadDeps } from './find-appointments.ts'

export type { AppointmentCriteria, AppointmentPlace } from '#server/repositories/appointment-search.ts'

export type Page<Place> = { readonly limit: number; readonly after?: Place | undefined }
export type Found<Item, Place> = {
  readonly items: readonly Item[]
  /** How many there are on all pages. */
  readonly total: number
  /** Where the next page begins; undefined on the last. */
  readonly next?: Place | undefined
}

/**
 * The appointments the subject sees that meet the criteria, in order of start, a page at a time. Durable in the audit log
 * before it returns.
 */
export async function searchAppointments(
  { database, audit }: ReadDeps,
  subject: Subject,
  criteria: AppointmentCriteria,
  { limit, after }: Page<AppointmentPlace>,
): Promise<Found<Appointment, AppointmentPlace>> {
  const sight = { clinicId: subject.clinicId, audiences: audiencesFor(subject, 'appointments') }
  const { total, rows } = await database.read(async (tx) => ({
    total: await countVisibleAppointments(tx, sight, criteria),
    rows: await pageVisibleAppointments(tx, sight, criteria, { limit: limit === 0 ? 0 : limit + 1, after }),
  }))
  const shown = rows.slice(0, limit)
  if (shown.length > 0) {
    const documentIds = shown.map(({ id }) => id)
    await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds })
  }
  const last = shown.at(-1)
  const next = rows.length > limit && last ? { start: last.start, id: last.id } : undefined
  return { items: shown, total, next }
}
