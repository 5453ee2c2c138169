/**
 * What happened, for the services that react to it. Ids and codes only, never health data: whoever needs more reads it with its
 * own rights. A changed shape is a new version; the services keep the reader of the old one.
 */
import type { AppointmentId, DoctorId, PatientId, WaitlistEntryId } from '#domain/ids.ts'
import type { WaitlistStatus } from '#domain/waitlist/waitlist-schemas.ts'

type OfAppointment = {
  readonly appointmentId: AppointmentId
  readonly doctorId: DoctorId
  readonly patientId: PatientId
  readonly revision: number
}

type OfWaitlistEntry = {
  readonly entryId: WaitlistEntryId
  readonly patientId: PatientId
  readonly revision: number
}

type Payloads = {
  AppointmentBooked: OfAppointment
  AppointmentMoved: OfAppointment & { readonly previousDoctorId: DoctorId }
  AppointmentCancelled: OfAppointment
  AppointmentConfirmed: OfAppointment
  AppointmentUnplaced: OfAppointment & { readonly reason: string }
  AppointmentStatusChanged: OfAppointment & { readonly from: string; readonly to: string }
  AppointmentEdited: OfAppointment
  ScheduleChanged: { readonly scheduleId: string; readonly doctorId: DoctorId; readonly revision: number }
  ScheduleTemplateChanged: { readonly templateId: string; readonly doctorId: DoctorId; readonly revision: number }
  PatientChanged: { readonly patientId: PatientId; readonly revision: number }
  DoctorChanged: { readonly doctorId: DoctorId; readonly revision: number }
  AppointmentTypeChanged: { readonly typeId: string; readonly revision: number }
  RoomChanged: { readonly roomId: string; readonly revision: number }
  WaitlistEntryAdded: OfWaitlistEntry
  /** Whose status is another one now, or what they can use. */
  WaitlistEntryChanged: OfWaitlistEntry & { readonly from: WaitlistStatus; readonly to: WaitlistStatus }
}

export type DomainEventType = keyof Payloads
export type DomainEvent = {
  [Type in DomainEventType]: { readonly type: Type; readonly payload: Payloads[Type] }
}[DomainEventType]

export const EVENT_VERSIONS: Record<DomainEventType, number> = {
  AppointmentBooked: 1,
  AppointmentMoved: 1,
  AppointmentCancelled: 1,
  AppointmentConfirmed: 1,
  AppointmentUnplaced: 1,
  AppointmentStatusChanged: 1,
  AppointmentEdited: 1,
  ScheduleChanged: 1,
  ScheduleTemplateChanged: 1,
  PatientChanged: 1,
  DoctorChanged: 1,
  AppointmentTypeChanged: 1,
  RoomChanged: 1,
  WaitlistEntryAdded: 1,
  WaitlistEntryChanged: 1,
}
