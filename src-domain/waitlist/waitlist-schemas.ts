/** Who waits for a time, or is to be called back: what they can use, and what became of it. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { rankIn } from '#domain/life-cycle.ts'
import {
  instantSchema,
  localDaySchema,
  localTimeSchema,
  nullable,
  oneOf,
  revisionSchema,
  textSchema,
} from '#domain/schema-parts.ts'

/** `wait` for an earlier or a better time; `recall`: the clinic wants to see the patient again. */
export const WAITLIST_KINDS = ['wait', 'recall'] as const
export const WAITLIST_STATUSES = ['waiting', 'offered', 'booked', 'withdrawn'] as const
export type WaitlistStatus = (typeof WAITLIST_STATUSES)[number]

export const waitlistEntrySchema = Type.Object(
  {
    id: idSchema<'WaitlistEntry'>(),
    clinicId: idSchema<'Clinic'>(),
    patientId: idSchema<'Patient'>(),
    typeId: idSchema<'AppointmentType'>(),
    /** Doctors who will do; empty means any. */
    doctorIds: Type.Array(idSchema<'Doctor'>(), { maxItems: 50 }),
    /** '' means any. */
    specialization: textSchema(80),
    kind: oneOf(WAITLIST_KINDS),
    /** ISO weekdays that will do, Monday 1 to Sunday 7; empty means any. */
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7 }),
    /** The part of the day that will do, on the clinic's wall; null leaves that side open. */
    fromTime: nullable(localTimeSchema()),
    untilTime: nullable(localTimeSchema()),
    fromDay: localDaySchema(),
    untilDay: nullable(localDaySchema()),
    note: textSchema(2000),
    status: oneOf(WAITLIST_STATUSES),
    /** The visit it led to. */
    appointmentId: nullable(idSchema<'Appointment'>()),
    createdBy: nullable(idSchema<'User'>()),
    createdAt: instantSchema(),
    updatedAt: instantSchema(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type WaitlistEntry = Type.Static<typeof waitlistEntrySchema>

/** Where two sides disagree, the status further along wins: who got a time waits for none. */
const LIFECYCLE: Record<WaitlistStatus, number> = { waiting: 0, offered: 1, withdrawn: 2, booked: 3 }

/** The later of two statuses in the life of an entry; symmetric, and total: what is no status comes before all. */
export const laterWaitlistStatus = (a: WaitlistStatus, b: WaitlistStatus): WaitlistStatus =>
  rankIn(LIFECYCLE, a) >= rankIn(LIFECYCLE, b) ? a : b
