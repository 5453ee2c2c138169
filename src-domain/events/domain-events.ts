/**
 * What happened, for the services that react to it. Ids and codes only, never health data: whoever needs more reads it with its
 * own rights. A changed shape is a new version beside the old one, whose reader stays until no such event can be under way.
 */
import Type, { type Static, type TObject } from 'typebox'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { idSchema } from '#domain/ids.ts'
import { oneOf, revisionSchema, textSchema } from '#domain/schema-parts.ts'
import { WAITLIST_STATUSES } from '#domain/waitlist/waitlist-schemas.ts'

const strict = { additionalProperties: false } as const
const revision = revisionSchema()
const ofAppointment = {
  appointmentId: idSchema<'Appointment'>(),
  doctorId: idSchema<'Doctor'>(),
  patientId: idSchema<'Patient'>(),
  revision,
}
const ofWaitlistEntry = {
  entryId: idSchema<'WaitlistEntry'>(),
  patientId: idSchema<'Patient'>(),
  revision,
}
const doctorId = idSchema<'Doctor'>()
const appointment = Type.Object(ofAppointment, strict)

/** The shape of every event by its newest version; see `EVENT_VERSIONS`. */
export const EVENT_SCHEMAS = {
  AppointmentBooked: appointment,
  AppointmentMoved: Type.Object({ ...ofAppointment, previousDoctorId: doctorId }, strict),
  AppointmentCancelled: appointment,
  AppointmentConfirmed: appointment,
  AppointmentUnplaced: Type.Object({ ...ofAppointment, reason: textSchema(40) }, strict),
  AppointmentStatusChanged: Type.Object(
    { ...ofAppointment, from: oneOf(APPOINTMENT_STATUSES), to: oneOf(APPOINTMENT_STATUSES) },
    strict,
  ),
  AppointmentEdited: appointment,
  ScheduleChanged: Type.Object({ scheduleId: idSchema<'Schedule'>(), doctorId, revision }, strict),
  ScheduleTemplateChanged: Type.Object({ templateId: idSchema<'ScheduleTemplate'>(), doctorId, revision }, strict),
  PatientChanged: Type.Object({ patientId: idSchema<'Patient'>(), revision }, strict),
  DoctorChanged: Type.Object({ doctorId, revision }, strict),
  AppointmentTypeChanged: Type.Object({ typeId: idSchema<'AppointmentType'>(), revision }, strict),
  RoomChanged: Type.Object({ roomId: idSchema<'Room'>(), revision }, strict),
  WaitlistEntryAdded: Type.Object(ofWaitlistEntry, strict),
  /** Whose status is another one now, or what they can use. */
  WaitlistEntryChanged: Type.Object(
    { ...ofWaitlistEntry, from: oneOf(WAITLIST_STATUSES), to: oneOf(WAITLIST_STATUSES) },
    strict,
  ),
  WaitlistOfferMade: Type.Object(
    {
      offerId: idSchema<'WaitlistOffer'>(),
      entryId: idSchema<'WaitlistEntry'>(),
      patientId: idSchema<'Patient'>(),
      doctorId,
    },
    strict,
  ),
  /** Patients are to be told that their doctor runs late. */
  DoctorDelayTold: Type.Object({ batchId: idSchema<'DelayBatch'>(), doctorId }, strict),
  ReminderRulesChanged: Type.Object({ ruleId: idSchema<'ReminderRule'>() }, strict),
  ReportRequested: Type.Object({ reportId: idSchema<'Report'>() }, strict),
  ReportFinished: Type.Object({ reportId: idSchema<'Report'>(), userId: idSchema<'User'>() }, strict),
  DeviceRevoked: Type.Object({ deviceId: idSchema<'Device'>(), userId: idSchema<'User'>() }, strict),
  SignedInFromNewDevice: Type.Object({ sessionId: idSchema<'Session'>(), userId: idSchema<'User'>() }, strict),
} as const satisfies Record<string, TObject>

export type DomainEventType = keyof typeof EVENT_SCHEMAS
export type DomainEvent = {
  [Type in DomainEventType]: { readonly type: Type; readonly payload: Readonly<Static<(typeof EVENT_SCHEMAS)[Type]>> }
}[DomainEventType]
export type EventPayload<Name extends DomainEventType> = Extract<DomainEvent, { type: Name }>['payload']

export const EVENT_TYPES = Object.keys(EVENT_SCHEMAS) as readonly DomainEventType[]

/** The version that is written today, by type. */
export const EVENT_VERSIONS: Readonly<Record<DomainEventType, number>> = Object.fromEntries(
  EVENT_TYPES.map((type) => [type, 1]),
) as Record<DomainEventType, number>

export const isEventType = (text: string): text is DomainEventType => Object.hasOwn(EVENT_SCHEMAS, text)
