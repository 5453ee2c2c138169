/** Ways on for an appointment: asked for when somebody looks, never stored, true at the moment of asking. */
import { can, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { busyBeside, NO_BUFFERS } from '#domain/schedule/buffers.ts'
import { alternatives, type DoctorAvailability } from '#domain/schedule/slots.ts'
import { workingHoursBetween } from '#domain/schedule/working-hours.ts'
import { addDays, type LocalDay, localDayOf, startOfDay } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { listHeldTime, listHeldTimeOfPatient } from '#server/repositories/appointments.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listSchedules, listTemplates } from '#server/repositories/hours.ts'
import { listActiveDoctors, listAllTypes } from '#server/repositories/people.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { actsAsPatient } from './decide-booking.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

/** How many a screen can use; it shows three. */
export const MAX_ALTERNATIVES = 5
const DAYS_AROUND = 14
const STEP_MINUTES = 15

/**
 * Up to five free times near the appointment's, at its doctor first, then at colleagues of the same specialization, of those
 * doctors only whom the subject may book. Undefined when there is no such appointment or the subject may not see it. The question
 * is about a visit, so that it is durable in the audit log before this resolves.
 */
export async function findAlternatives(
  { database, now, audit }: Deps,
  subject: Subject,
  id: AppointmentId,
): Promise<readonly Alternative[] | undefined> {
  const found = await database.read(async (tx) => {
    const appointment = await findDocument(tx, 'appointments', id)
    if (!appointment || appointment._deleted || !can(subject, 'view-appointments', appointment)) return undefined
    return proposeFor(tx, { subject, appointment, permission: 'move-appointment', now: now() })
  })
  if (found) await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds: [id] })
  return found
}

/** An appointment that need not be stored; then its id is null. `zone` is that of its place. */
export type Wanted = Pick<
  Appointment,
  'clinicId' | 'doctorId' | 'patientId' | 'typeId' | 'start' | 'end' | 'zone' | 'status'
> & { readonly id: AppointmentId | null }

/** The same for an appointment as somebody wants it. */
export async function proposeFor(tx: Tx, wish: Omit<Question, 'type' | 'types'>): Promise<readonly Alternative[]> {
  const types = await listAllTypes(tx, wish.subject.clinicId)
  const type = types.find(({ id }) => id === wish.appointment.typeId)
  return type ? proposalsFor(tx, { ...wish, type, types }) : []
}

type Question = {
  readonly subject: Subject
  readonly appointment: Wanted
  /** What the subject must be allowed to do with a doctor whose time is offered. */
  readonly permission: Permission
  readonly type: AppointmentType
  readonly types: readonly AppointmentType[]
  readonly now: Instant
}

async function proposalsFor(tx: Tx, question: Question): Promise<readonly Alternative[]> {
  const { subject, appointment, type, now } = question
  const { zone, doctorId, start } = appointment
  const isPatient = actsAsPatient(subject, appointment)
  const notBefore = isPatient ? now + minutes(type.noticeMinutes) : now
  const firstDay = localDayOf(
    Math.max(notBefore, startOfDay(addDays(localDayOf(start, zone), -DAYS_AROUND), zone)),
    zone,
  )
  const lastDay = addDays(localDayOf(Math.max(notBefore, start), zone), DAYS_AROUND)
  const doctors = await listActiveDoctors(tx, subject.clinicId)
  const open = doctors.filter((doctor) => isOpen(question, doctor))
  const availability = await availabilityOf(tx, question, open, { from: firstDay, until: lastDay })
  const { proposals } = alternatives({
    wanted: { doctorId, start },
    doctors: availability,
    durationMinutes: Math.round((appointment.end - appointment.start) / minutes(1)),
    stepMinutes: Math.min(STEP_MINUTES, type.durationMinutes),
    bufferBeforeMinutes: type.bufferBeforeMinutes,
    bufferAfterMinutes: type.bufferAfterMinutes,
    notBefore,
    limit: MAX_ALTERNATIVES + 1,
  })
  // The time it holds already is free for it, and no alternative.
  const isOther = (proposal: Alternative) => proposal.doctorId !== doctorId || proposal.start !== start
  const others = holdsTime(appointment.status) ? proposals.filter(isOther) : proposals
  return others.slice(0, MAX_ALTERNATIVES)
}

function isOpen({ subject, appointment, permission, type }: Question, { id, clinicId }: Doctor): boolean {
  const isOffered = type.doctorIds.length === 0 || type.doctorIds.includes(id)
  return isOffered && can(subject, permission, { clinicId, doctorId: id, patientId: appointment.patientId })
}

async function availabilityOf(
  tx: Tx,
  { subject, appointment, type, types }: Question,
  doctors: readonly Doctor[],
  days: { readonly from: LocalDay; readonly until: LocalDay },
): Promise<DoctorAvailability<DoctorId>[]> {
  const ids = doctors.map(({ id }) => id)
  const templates = await listTemplates(tx, subject.clinicId, ids)
  const schedules = await listSchedules(tx, subject.clinicId, ids, {
    from: addDays(days.from, -2),
    until: addDays(days.until, 2),
  })
  const stretch = {
    start: startOfDay(addDays(days.from, -1), appointment.zone),
    end: startOfDay(addDays(days.until, 2), appointment.zone),
  }
  const held = await listHeldTime(tx, subject.clinicId, ids, stretch)
  const elsewhere = await listHeldTimeOfPatient(tx, subject.clinicId, appointment.patientId, stretch)
  const onlyOnline = actsAsPatient(subject, appointment)
  const buffers = new Map(types.map((each) => [each.id, each]))
  return doctors.map(({ id, specialization }) => ({
    doctorId: id,
    specialization,
    hours: workingHoursBetween({
      ...days,
      templates: templates.filter(({ doctorId, publish }) => doctorId === id && (!onlyOnline || publish === 'online')),
      schedules: schedules.filter(({ doctorId }) => doctorId === id),
    }),
    busy: [
      ...held
        .filter((visit) => visit.doctorId === id && visit.id !== appointment.id)
        .map((visit) => busyBeside(visit, buffers.get(visit.typeId) ?? NO_BUFFERS, type)),
      // Nobody is in two places at once.
      ...elsewhere.filter((visit) => visit.id !== appointment.id),
    ],
  }))
}
