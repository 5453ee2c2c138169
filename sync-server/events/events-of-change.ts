import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { DomainEvent } from '#domain/events/domain-events.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'

/** The events that a change of one document amounts to; `before` is null for a new one. */
export function eventsOfChange<Name extends CollectionName>(
  name: Name,
  before: Documents[Name] | null,
  after: Documents[Name],
): readonly DomainEvent[] {
  return EVENTS[name](before as never, after as never)
}

type EventsOf = {
  readonly [Name in CollectionName]: (before: Documents[Name] | null, after: Documents[Name]) => readonly DomainEvent[]
}

const EVENTS: EventsOf = {
  appointments: appointmentEvents,
  schedules: (_, { id, doctorId, revision }) => [
    { type: 'ScheduleChanged', payload: { scheduleId: id, doctorId, revision } },
  ],
  schedule_templates: (_, { id, doctorId, revision }) => [
    { type: 'ScheduleTemplateChanged', payload: { templateId: id, doctorId, revision } },
  ],
  patients: (_, { id, revision }) => [{ type: 'PatientChanged', payload: { patientId: id, revision } }],
  doctors: (_, { id, revision }) => [{ type: 'DoctorChanged', payload: { doctorId: id, revision } }],
  appointment_types: (_, { id, revision }) => [{ type: 'AppointmentTypeChanged', payload: { typeId: id, revision } }],
  rooms: (_, { id, revision }) => [{ type: 'RoomChanged', payload: { roomId: id, revision } }],
  waitlist_entries: (before, { id, patientId, status, revision }) => {
    const payload = { entryId: id, patientId, revision }
    return before
      ? [{ type: 'WaitlistEntryChanged', payload: { ...payload, from: before.status, to: status } }]
      : [{ type: 'WaitlistEntryAdded', payload }]
  },
  // No service acts on what is read on a board.
  day_notes: () => [],
  notifications: () => [],
  // Nor on what a device keeps for itself.
  allotments: () => [],
  rejected_changes: () => [],
}

function appointmentEvents(before: Appointment | null, after: Appointment): readonly DomainEvent[] {
  const { id: appointmentId, doctorId, patientId, revision } = after
  const payload = { appointmentId, doctorId, patientId, revision }
  if (after.status === 'unplaced') {
    const reason = after.unplaced?.reason ?? ''
    return before?.status === 'unplaced'
      ? [{ type: 'AppointmentEdited', payload }]
      : [{ type: 'AppointmentUnplaced', payload: { ...payload, reason } }]
  }
  const events: DomainEvent[] = []
  const isPlacedNow = before === null || before.status === 'unplaced'
  if (isPlacedNow) events.push({ type: 'AppointmentBooked', payload })
  else if (hasMoved(before, after)) {
    events.push({ type: 'AppointmentMoved', payload: { ...payload, previousDoctorId: before.doctorId } })
  }
  const from = isPlacedNow ? 'pending' : before.status
  if (after.status !== from) events.push(statusEvent(payload, from, after.status))
  return events.length > 0 ? events : [{ type: 'AppointmentEdited', payload }]
}

type Payload = Extract<DomainEvent, { type: 'AppointmentEdited' }>['payload']

function statusEvent(payload: Payload, from: AppointmentStatus, to: AppointmentStatus): DomainEvent {
  if (to === 'cancelled') return { type: 'AppointmentCancelled', payload }
  if (to === 'confirmed' && from === 'pending') return { type: 'AppointmentConfirmed', payload }
  return { type: 'AppointmentStatusChanged', payload: { ...payload, from, to } }
}

const hasMoved = (a: Appointment, b: Appointment): boolean =>
  a.start !== b.start || a.end !== b.end || a.doctorId !== b.doctorId
