import type { AppointmentTypeId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'

/** The appointment types of a clinic, deleted ones included: visits of theirs still stand. */
export type Types = ReadonlyMap<AppointmentTypeId, WireDocument<'appointment_types'>>
