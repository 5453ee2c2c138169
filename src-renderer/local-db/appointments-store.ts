/**
 * What a person does to an appointment, written to the local database first: it shows at once, offline too, and replication
 * carries it to the server, which decides. A refusal known here is answered before anything is written.
 *
 * Fields the server owns are filled with the best local guess; the server's values replace them with the next pull.
 */
import { can } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { type AppointmentStatus, findStep, holdsTime } from '#domain/appointment/appointment-status.ts'
import type { AppointmentId, AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { type Desk, findType, newId, subjectOf } from './desk.ts'
import { findObstacle, findOverlap, type LocalRefusal, refuse } from './place-check.ts'

export type LocalWrite = { readonly ok: true; readonly appointment: Appointment } | LocalRefusal

export type Wish = {
  readonly patientId: PatientId
  readonly doctorId: DoctorId
  readonly typeId: AppointmentTypeId
  readonly start: Instant
  readonly reason?: string
  readonly note?: string
  readonly isConfirmed?: boolean
  /** Since when the patient has been here without a booking: such a visit is booked as arrived. */
  readonly walkInSince?: Instant
  /** Why it is booked beside visits that leave no room for it. */
  readonly overbookReason?: string
}

/** Books a visit; its length comes from its type. */
export async function bookLocally(desk: Desk, wish: Wish): Promise<LocalWrite> {
  const { database, user } = desk
  const { walkInSince = null, overbookReason = '' } = wish
  if (!mayDo(desk, 'book-appointment', wish)) return refuse('not-allowed')
  if (walkInSince !== null && !mayDo(desk, 'check-in-patient', wish)) return refuse('not-allowed')
  if (overbookReason !== '' && !mayDo(desk, 'overbook-appointment', wish)) return refuse('not-allowed')
  const [doctor, patient, type] = await Promise.all([
    database.doctors.findOne(wish.doctorId).exec(),
    database.patients.findOne(wish.patientId).exec(),
    findType(desk, wish.typeId),
  ])
  if (!doctor?.isActive) return refuse('unknown-reference', 'doctorId')
  if (!patient) return refuse('unknown-reference', 'patientId')
  if (!type) return refuse('unknown-reference', 'typeId')
  const now = desk.now()
  const id = newId<'Appointment'>(now)
  const end = wish.start + minutes(type.durationMinutes)
  const isOverbooked = overbookReason !== ''
  const obstacle = await findObstacle(desk, { ...wish, id, type, end, current: null, isOverbooked })
  if (obstacle) return obstacle

  const appointment: Appointment = {
    id,
    clinicId: user.clinic.id,
    doctorId: wish.doctorId,
    patientId: wish.patientId,
    typeId: wish.typeId,
    locationId: doctor.locationId,
    ...timesOf(desk, wish.start, end),
    status: walkInSince !== null ? 'arrived' : wish.isConfirmed ? 'confirmed' : 'pending',
    origin: walkInSince !== null ? 'walk-in' : 'desk',
    reason: wish.reason ?? '',
    note: wish.note ?? '',
    cancelReason: '',
    roomId: null,
    equipmentIds: [],
    seriesId: null,
    overbookReason,
    cancelledAt: null,
    cancelledBy: null,
    cancelledByName: '',
    arrivedAt: walkInSince,
    startedAt: null,
    finishedAt: null,
    ageAtVisit: null,
    unplaced: null,
    createdBy: user.id,
    createdByName: user.name,
    createdAt: now,
    updatedAt: now,
    revision: 0,
  }
  await database.appointments.insert(appointment)
  return { ok: true, appointment }
}

/** Statuses from which a visit can get another time. */
const MOVABLE: readonly AppointmentStatus[] = ['pending', 'confirmed', 'arrived', 'unplaced']

export type NewPlace = {
  readonly start: Instant
  readonly doctorId?: DoctorId
  /** Why it goes beside visits that leave no room for it; what was said before stays where this is left out. */
  readonly overbookReason?: string
}

/** Moves a visit to another time or doctor; its length stays. An unplaced one becomes a request for the new time. */
export async function moveLocally(desk: Desk, id: AppointmentId, place: NewPlace): Promise<LocalWrite> {
  const appointment = await findAppointment(desk, id)
  if (!appointment) return refuse('not-found')
  const doctorId = place.doctorId ?? appointment.doctorId
  const isAllowed = mayDo(desk, 'move-appointment', appointment)
  if (!isAllowed || !mayDo(desk, 'move-appointment', { ...appointment, doctorId })) return refuse('not-allowed')
  const overbookReason = place.overbookReason ?? appointment.overbookReason
  if (
    overbookReason !== appointment.overbookReason &&
    !mayDo(desk, 'overbook-appointment', { ...appointment, doctorId })
  )
    return refuse('not-allowed')
  if (!MOVABLE.includes(appointment.status)) return refuse('status-jump', 'status')
  const [type, doctor] = await Promise.all([
    findType(desk, appointment.typeId),
    desk.database.doctors.findOne(doctorId).exec(),
  ])
  if (!type) return refuse('unknown-reference', 'typeId')
  if (!doctor?.isActive) return refuse('unknown-reference', 'doctorId')
  const end = place.start + (appointment.end - appointment.start)
  const obstacle = await findObstacle(desk, {
    ...appointment,
    doctorId,
    start: place.start,
    end,
    type,
    current: appointment,
    isOverbooked: overbookReason !== '',
  })
  if (obstacle) return obstacle
  return change(desk, id, (current) => ({
    doctorId,
    locationId: doctorId === current.doctorId ? current.locationId : doctor.locationId,
    ...timesOf(desk, place.start, end),
    overbookReason,
    ...(current.status === 'unplaced' ? { status: 'pending', unplaced: null } : {}),
  }))
}

/** Gives an unplaced request a new time. The same as a move; named for the worklist. */
export const placeLocally = moveLocally

/** Calls a visit off. The reason is shown to whoever opens it. */
export const cancelLocally = (desk: Desk, id: AppointmentId, reason: string): Promise<LocalWrite> =>
  step(desk, id, 'cancelled', (_, now) => ({
    cancelReason: reason,
    cancelledAt: now,
    cancelledBy: desk.user.id,
    cancelledByName: desk.user.name,
  }))

export const confirmLocally = (desk: Desk, id: AppointmentId): Promise<LocalWrite> => step(desk, id, 'confirmed')

/** The patient is here. */
export const checkInLocally = (desk: Desk, id: AppointmentId): Promise<LocalWrite> =>
  step(desk, id, 'arrived', (_, now) => ({ arrivedAt: now }))

/** The doctor has begun; the status stays `arrived`. */
export async function startLocally(desk: Desk, id: AppointmentId): Promise<LocalWrite> {
  const appointment = await findAppointment(desk, id)
  if (!appointment) return refuse('not-found')
  if (!mayDo(desk, 'check-in-patient', appointment)) return refuse('not-allowed')
  if (appointment.status !== 'arrived') return refuse('status-jump', 'status')
  return change(desk, id, () => ({ startedAt: desk.now() }))
}

/** The patient is not in the room after all and waits again. */
export async function takeBackStartLocally(desk: Desk, id: AppointmentId): Promise<LocalWrite> {
  const appointment = await findAppointment(desk, id)
  if (!appointment) return refuse('not-found')
  if (!mayDo(desk, 'check-in-patient', appointment)) return refuse('not-allowed')
  if (appointment.status !== 'arrived') return refuse('status-jump', 'status')
  return change(desk, id, () => ({ startedAt: null }))
}

export const finishLocally = (desk: Desk, id: AppointmentId): Promise<LocalWrite> =>
  step(desk, id, 'fulfilled', (visit, now) => ({ startedAt: visit.startedAt ?? now, finishedAt: now }))

export const markNoShowLocally = (desk: Desk, id: AppointmentId): Promise<LocalWrite> => step(desk, id, 'noshow')

/** Takes the last step back: to the status it had before. A visit that held no time must find its place free again. */
export const takeBackLocally = (desk: Desk, id: AppointmentId, to: AppointmentStatus): Promise<LocalWrite> =>
  step(desk, id, to, () =>
    to === 'arrived'
      ? { finishedAt: null }
      : {
          arrivedAt: null,
          startedAt: null,
          finishedAt: null,
          ...(to === 'cancelled' ? {} : { cancelReason: '', ...NOT_CANCELLED }),
        },
  )

/** How far a visit has got. */
export type Progress = Pick<Appointment, 'status' | 'arrivedAt' | 'startedAt' | 'finishedAt'>

/** Takes a step back to exactly what was before it, its times included; refused where somebody has taken the visit further. */
export const restoreProgressLocally = (desk: Desk, id: AppointmentId, before: Progress): Promise<LocalWrite> =>
  step(desk, id, before.status, () => ({
    arrivedAt: before.arrivedAt,
    startedAt: before.startedAt,
    finishedAt: before.finishedAt,
  }))

const NOT_CANCELLED = { cancelledAt: null, cancelledBy: null, cancelledByName: '' }

/** Changes the words on an appointment, nothing else. */
export async function editWordsLocally(
  desk: Desk,
  id: AppointmentId,
  words: { readonly reason?: string; readonly note?: string },
): Promise<LocalWrite> {
  const appointment = await findAppointment(desk, id)
  if (!appointment) return refuse('not-found')
  if (!mayDo(desk, 'edit-appointment', appointment)) return refuse('not-allowed')
  return change(desk, id, () => words)
}

type Patch = (appointment: Appointment, now: Instant) => Partial<Appointment>

async function step(desk: Desk, id: AppointmentId, to: AppointmentStatus, patch?: Patch): Promise<LocalWrite> {
  const appointment = await findAppointment(desk, id)
  if (!appointment) return refuse('not-found')
  const wanted = findStep(appointment.status, to)
  if (!wanted) return refuse('status-jump', 'status')
  if (!mayDo(desk, wanted.permission, appointment)) return refuse('not-allowed')
  if (holdsTime(to) && !holdsTime(appointment.status)) {
    const type = await findType(desk, appointment.typeId)
    // Who came after all may be late: only another visit in the same time stands in the way.
    const obstacle = type && (await findOverlap(desk, { ...appointment, type, current: appointment }))
    if (obstacle) return obstacle
  }
  return change(desk, id, (current, now) =>
    findStep(current.status, to) ? { ...patch?.(current, now), status: to } : undefined,
  )
}

/** Writes a change that is worked out from the newest state; undefined means that the state no longer allows it. */
async function change(
  desk: Desk,
  id: AppointmentId,
  patch: (appointment: Appointment, now: Instant) => Partial<Appointment> | undefined,
): Promise<LocalWrite> {
  const document = await desk.database.appointments.findOne(id).exec()
  if (!document) return refuse('not-found')
  const now = desk.now()
  let isRefused = false
  const written = await document.incrementalModify((current) => {
    const changes = patch(current, now)
    isRefused = changes === undefined
    return changes ? { ...current, ...changes, updatedAt: now } : current
  })
  return isRefused ? refuse('status-jump', 'status') : { ok: true, appointment: written.toJSON() as Appointment }
}

async function findAppointment({ database }: Desk, id: AppointmentId): Promise<Appointment | undefined> {
  return (await database.appointments.findOne(id).exec())?.toJSON() as Appointment | undefined
}

function timesOf({ user }: Desk, start: Instant, end: Instant) {
  const { zone } = user.clinic
  const { day, time } = toLocal(start, zone)
  return { start, end, zone, localDay: day, localStart: time }
}

const mayDo = (
  { user }: Desk,
  permission: Permission,
  { doctorId, patientId }: { doctorId: DoctorId; patientId: PatientId },
): boolean => can(subjectOf(user), permission, { clinicId: user.clinic.id, doctorId, patientId })
