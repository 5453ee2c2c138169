/** Ways on for an appointment: asked for when somebody looks, never stored, true at the moment of asking. */
import { can, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Alternative } from '#domain/api/appointment-api.ts'
import { DEFAULT_STEP_MINUTES } from '#domain/api/slot-api.ts'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { bookingWindow } from '#domain/schedule/booking-window.ts'
import { nearestTo } from '#domain/schedule/slots.ts'
import { addDays, laterDay, localDayOf } from '#domain/time/clinic-time.ts'
import { type Instant, MINUTE_MS } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listActiveDoctors, listAllTypes } from '#server/repositories/people.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { actsAsPatient } from './decide-booking.ts'
import { readAnew } from './read-memory.ts'
import { slotsPerDoctor } from './search-slots.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

/** How many a screen can use; it shows three. */
export const MAX_ALTERNATIVES = 5
const DAYS_AROUND = 14

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
  const { subject, appointment, type, types, now } = question
  const { doctorId, start, id } = appointment
  const { zone } = await getClinic(tx, subject.clinicId)
  const asker = actsAsPatient(subject, appointment) ? 'patient' : 'staff'
  const window = bookingWindow({ ...type, asker, now, zone: appointment.zone })
  const doctors = await listActiveDoctors(tx, subject.clinicId)
  const seekers = doctors
    .filter((doctor) => isOpen(question, doctor))
    .map((doctor) => ({ doctor, asker, window }) as const)
  const scope = { clinicId: subject.clinicId, zone, now, type, types, seekers, recall: readAnew }
  const wantedDay = localDayOf(start, zone)
  const firstDay = localDayOf(window.earliest, zone)
  const slots = await slotsPerDoctor(tx, scope, {
    from: laterDay(firstDay, addDays(wantedDay, -DAYS_AROUND)),
    until: addDays(laterDay(firstDay, wantedDay), DAYS_AROUND),
    stepMinutes: Math.min(DEFAULT_STEP_MINUTES, type.durationMinutes),
    durationMinutes: Math.round((appointment.end - start) / MINUTE_MS),
    except: id ?? undefined,
    patientId: appointment.patientId,
  })
  const offers = seekers.map(({ doctor }, index) => ({
    doctorId: doctor.id,
    specialization: doctor.specialization,
    slots: slots[index] ?? [],
  }))
  const { proposals } = nearestTo({ wanted: { doctorId, start }, doctors: offers, limit: MAX_ALTERNATIVES + 1 })
  // The time it holds already is free for it, and no alternative.
  const isOther = (proposal: Alternative) => proposal.doctorId !== doctorId || proposal.start !== start
  const others = holdsTime(appointment.status) ? proposals.filter(isOther) : proposals
  return others
    .slice(0, MAX_ALTERNATIVES)
    .map((each) => ({ doctorId: each.doctorId, start: each.start, end: each.end }))
}

function isOpen({ subject, appointment, permission, type }: Question, { id, clinicId }: Doctor): boolean {
  const isOffered = type.doctorIds.length === 0 || type.doctorIds.includes(id)
  return isOffered && can(subject, permission, { clinicId, doctorId: id, patientId: appointment.patientId })
}
