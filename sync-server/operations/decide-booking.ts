/**
 * Whether an appointment may have the time it wants. Every door asks here, under the clinic's lock, so that nothing it reads can
 * change before the answer is committed.
 */
import type { Subject } from '#domain/access/can.ts'
import { can } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { bookingWindow, placeInWindow } from '#domain/schedule/booking-window.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { hoursPublished, OPEN_TO_PATIENTS, PUBLISH_MODES, type PublishMode } from '#domain/schedule/slot-search.ts'
import { isInsideHours } from '#domain/schedule/working-hours.ts'
import type { Rejection, RejectionReason } from '#domain/sync/rejection-reasons.ts'
import { addDays, localDayOf, type Zone } from '#domain/time/clinic-time.ts'
import { MINUTE_MS, minutes } from '#domain/time/instant.ts'
import { listSchedules, listTemplates } from '#server/repositories/hours.ts'
import { claimPlace } from './claim-place.ts'
import type { Claim, TimeQuestion } from './time-question.ts'
import type { WriteContext } from './write-context.ts'

/** How late a desk may enter a visit that has begun. */
const DESK_GRACE_MS = minutes(15)

/** The reasons that another time would answer: a booking refused for one of them keeps its claim as `unplaced`. */
const TIME_REASONS: readonly RejectionReason[] = [
  'slot-taken',
  'held',
  'group-full',
  'room-taken',
  'equipment-taken',
  'patient-busy',
  'outside-hours',
  'in-the-past',
  'too-soon',
  'too-far-ahead',
]
export const isAboutTime = ({ reason }: Rejection): boolean => TIME_REASONS.includes(reason)

/** What a new booking, or one that changes time, doctor or type, may have, or why it cannot have its time. */
export async function decideTime(ctx: WriteContext, question: TimeQuestion): Promise<Claim> {
  const rejection =
    refuseShape(question) ?? refuseType(question) ?? refuseClock(ctx, question) ?? (await refuseHours(ctx, question))
  return rejection ? { ok: false, rejection } : claimPlace(ctx, question)
}

function refuseShape({ wanted, current, references: { type } }: TimeQuestion): Rejection | undefined {
  if (wanted.end <= wanted.start) return { reason: 'end-before-start', field: 'end' }
  if (wanted.start % MINUTE_MS !== 0) return { reason: 'invalid-document', field: 'start' }
  const length = wanted.end - wanted.start
  // A type whose length was changed since does not stop what was booked under the old one from moving.
  const isKept = current !== null && current.typeId === wanted.typeId && length === current.end - current.start
  return isKept || length === minutes(type.durationMinutes) ? undefined : { reason: 'wrong-duration', field: 'end' }
}

function refuseType({ subject, door, wanted, current, references: { type } }: TimeQuestion): Rejection | undefined {
  const isKept = current?.typeId === wanted.typeId && current.doctorId === wanted.doctorId
  if (isKept) return undefined
  const isOffered =
    (type.isActive || door === 'import') && (type.doctorIds.length === 0 || type.doctorIds.includes(wanted.doctorId))
  const isOpen = type.isOnline || !actsAsPatient(subject, wanted)
  return isOffered && isOpen ? undefined : { reason: 'type-not-offered', field: 'typeId' }
}

/** Past, notice and horizon, by the server's clock. */
function refuseClock({ now }: WriteContext, question: TimeQuestion): Rejection | undefined {
  const { subject, door, wanted, current, references, lease } = question
  // Made before its start, and told to its patient, wherever the device was when it came back.
  if (lease) return undefined
  if (door === 'import' || door === 'seed') return undefined
  if (current && current.status !== 'unplaced' && current.start === wanted.start) return undefined
  if (!actsAsPatient(subject, wanted)) {
    return wanted.start < now - DESK_GRACE_MS ? { reason: 'in-the-past', field: 'start' } : undefined
  }
  if (wanted.start <= now) return { reason: 'in-the-past', field: 'start' }
  const window = bookingWindow({ ...references.type, asker: 'patient', now, zone: references.zone })
  const place = placeInWindow(wanted.start, window)
  if (place === 'inside') return undefined
  return { reason: place === 'before' ? 'too-soon' : 'too-far-ahead', field: 'start' }
}

/** True when the subject can touch this row only as its patient: what is open to patients decides. */
export function actsAsPatient(subject: Subject | null, row: Pick<Appointment, 'clinicId' | 'doctorId' | 'patientId'>) {
  if (subject === null || can(subject, 'book-appointment', { clinicId: row.clinicId })) return false
  return subject.patientIds.includes(row.patientId)
}

async function refuseHours(ctx: WriteContext, question: TimeQuestion): Promise<Rejection | undefined> {
  const { wanted, subject, references, lease } = question
  // Hours that were changed since leave it as they leave every visit that was booked before.
  if (lease) return undefined
  const modes = actsAsPatient(subject, wanted) ? OPEN_TO_PATIENTS : PUBLISH_MODES
  const hours = await hoursAround(ctx, wanted, references.zone, modes)
  return isInsideHours(wanted, hours) ? undefined : { reason: 'outside-hours', field: 'start' }
}

/**
 * What a patient's booking comes to by how the hours are published: confirmed at once where every minute is published online,
 * a request where some are to be asked for. Whoever books for others says so themselves.
 */
export async function asPublished<Visit extends Appointment>(
  ctx: WriteContext,
  { wanted, subject, references }: TimeQuestion & { readonly wanted: Visit },
): Promise<Visit> {
  const isOpen = wanted.status === 'pending' || wanted.status === 'confirmed'
  if (!isOpen || !actsAsPatient(subject, wanted)) return wanted
  const online = await hoursAround(ctx, wanted, references.zone, ['online'])
  return { ...wanted, status: isInsideHours(wanted, online) ? 'confirmed' : 'pending' }
}

/** The doctor's hours of the days around a visit that are published in one of some modes. */
async function hoursAround(
  { tx, clinicId, recall }: WriteContext,
  { doctorId, start, end }: Appointment,
  zone: Zone,
  modes: readonly PublishMode[],
): Promise<readonly Interval[]> {
  // A range belongs to the day it starts on, and a doctor's own zone may lie a day apart.
  const from = addDays(localDayOf(start, zone), -2)
  const until = addDays(localDayOf(end, zone), 2)
  return recall(`hours/${doctorId}/${from}/${until}/${modes.join('+')}`, async () => {
    const templates = await recall(`templates/${doctorId}`, () => listTemplates(tx, clinicId, [doctorId]))
    const schedules = await listSchedules(tx, clinicId, [doctorId], {
      from: addDays(from, -2),
      until: addDays(until, 2),
    })
    return hoursPublished({ templates, schedules }, { from, until }, modes)
  })
}
