/** Appointments and appointment types as they travel between server and clients. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import {
  instantSchema,
  localDaySchema,
  localTimeSchema,
  nullable,
  oneOf,
  revisionSchema,
  textSchema,
  zoneSchema,
} from '#domain/schema-parts.ts'
import { APPOINTMENT_STATUSES } from './appointment-status.ts'

/** Through which door an appointment came into being. */
export const ORIGINS = ['desk', 'online', 'walk-in', 'import'] as const
export type Origin = (typeof ORIGINS)[number]

/**
 * A patient's claim on a doctor's time, half-open `[start, end)`.
 * Of a type for groups each patient has an appointment of their own; those of one doctor, type, start and end are one session.
 * `start` and `end` decide every rule; `zone`, `localDay` and `localStart` are what the patient was promised and are
 * derived by the server. While the status is `unplaced` the times are the ones that were wanted, and hold nothing.
 */
export const appointmentSchema = Type.Object(
  {
    id: idSchema<'Appointment'>(),
    clinicId: idSchema<'Clinic'>(),
    doctorId: idSchema<'Doctor'>(),
    patientId: idSchema<'Patient'>(),
    typeId: idSchema<'AppointmentType'>(),
    locationId: nullable(idSchema<'Location'>()),
    /** Where it takes place, and what is used; the server takes the equipment that the type asks for. */
    roomId: nullable(idSchema<'Room'>()),
    equipmentIds: Type.Array(idSchema<'Equipment'>(), { maxItems: 20 }),
    /** The series it was booked with. */
    seriesId: nullable(idSchema<'AppointmentSeries'>()),
    start: instantSchema(),
    end: instantSchema(),
    zone: zoneSchema(),
    localDay: localDaySchema(),
    localStart: localTimeSchema(),
    status: oneOf(APPOINTMENT_STATUSES),
    origin: oneOf(ORIGINS),
    reason: textSchema(500),
    note: textSchema(4000),
    cancelReason: textSchema(500),
    cancelledAt: nullable(instantSchema()),
    cancelledBy: nullable(idSchema<'User'>()),
    cancelledByName: textSchema(120),
    /** Why it was booked beside visits that leave no room for it; '' unless it was. */
    overbookReason: textSchema(500),
    arrivedAt: nullable(instantSchema()),
    startedAt: nullable(instantSchema()),
    finishedAt: nullable(instantSchema()),
    /** The patient's age in years on the day of the visit, kept where the birth date is unknown. */
    ageAtVisit: nullable(Type.Integer({ minimum: 0, maximum: 150 })),
    /** Why the wanted time was lost, when, and who holds it; null unless the status is `unplaced`. */
    unplaced: nullable(
      Type.Object(
        {
          reason: textSchema(40),
          at: instantSchema(),
          takenBy: textSchema(120),
          takenAt: nullable(instantSchema()),
        },
        { additionalProperties: false },
      ),
    ),
    createdBy: nullable(idSchema<'User'>()),
    createdByName: textSchema(120),
    createdAt: instantSchema(),
    updatedAt: instantSchema(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type Appointment = Type.Static<typeof appointmentSchema>

/** What a visit is for; sets its length and who may be booked for it. Times in minutes. */
export const appointmentTypeSchema = Type.Object(
  {
    id: idSchema<'AppointmentType'>(),
    clinicId: idSchema<'Clinic'>(),
    code: Type.String({ minLength: 1, maxLength: 16 }),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    durationMinutes: Type.Integer({ minimum: 1, maximum: 1440 }),
    bufferBeforeMinutes: Type.Integer({ minimum: 0, maximum: 240 }),
    bufferAfterMinutes: Type.Integer({ minimum: 0, maximum: 240 }),
    /** How far ahead a patient must book at least, and may book at most. */
    noticeMinutes: Type.Integer({ minimum: 0, maximum: 525_600 }),
    horizonDays: Type.Integer({ minimum: 1, maximum: 3650 }),
    /** Doctors who offer it; empty means every doctor. */
    doctorIds: Type.Array(idSchema<'Doctor'>(), { maxItems: 500 }),
    /** Patients at once: 1, or the size of a group that shares one session. */
    capacity: Type.Integer({ minimum: 1, maximum: 1000 }),
    /** Rooms it may take place in; empty means that it needs none. */
    roomIds: Type.Array(idSchema<'Room'>(), { maxItems: 200 }),
    /** Equipment it takes, one unit of each. */
    equipmentIds: Type.Array(idSchema<'Equipment'>(), { maxItems: 20 }),
    /** How long before the visit its patient may still move or cancel it; the clinic may ask for more. */
    changeCutoffMinutes: Type.Integer({ minimum: 0, maximum: 525_600 }),
    /** Visits of this type that a patient may have ahead; 0 means no limit. */
    patientLimit: Type.Integer({ minimum: 0, maximum: 1000 }),
    isOnline: Type.Boolean(),
    isActive: Type.Boolean(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type AppointmentType = Type.Static<typeof appointmentTypeSchema>
