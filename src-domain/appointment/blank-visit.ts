/** An appointment without its patient: time, length, type, doctor and status stay for the statistics, words and names go. */
import type { UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Appointment } from './appointment-schemas.ts'
import type { AppointmentStatus } from './appointment-status.ts'

/** Statuses in which a visit to come still takes somebody's time or attention. */
const OPEN: readonly AppointmentStatus[] = ['pending', 'confirmed', 'unplaced']

/** True when the visit is still to come, so that it has to be called off with its patient. */
export const isUpcoming = ({ status, start }: Pick<Appointment, 'status' | 'start'>, now: Instant): boolean =>
  OPEN.includes(status) && (status === 'unplaced' || start > now)

/**
 * The appointment as it stays. Names of staff stay too; those of the patient, who may have booked or cancelled, go. A visit to
 * come is called off by nobody. Blanking twice changes nothing.
 * @param patientUser the patient's account, if there is one
 */
export function blankVisit<Visit extends Appointment>(visit: Visit, patientUser: UserId | null, now: Instant): Visit {
  const byPatient = (user: UserId | null) => user !== null && user === patientUser
  const called = isUpcoming(visit, now)
    ? ({ status: 'cancelled', unplaced: null, cancelledAt: now, cancelledBy: null, cancelledByName: '' } as const)
    : {}
  return { ...visit, ...wordless(visit, byPatient), ...called }
}

/** What a stored version of an appointment says, without words and names. Versions of before a field lack it. */
export function blankVersion(version: Partial<Appointment>, patientUser: UserId | null): Partial<Appointment> {
  const blank: Partial<Appointment> = wordless(version, (user) => user !== null && user === patientUser)
  const known = Object.entries(blank).filter(([field]) => field in version)
  return { ...version, ...Object.fromEntries(known) }
}

function wordless(visit: Partial<Appointment>, byPatient: (user: UserId | null) => boolean) {
  return {
    reason: '',
    note: '',
    cancelReason: '',
    overbookReason: '',
    ageAtVisit: null,
    createdByName: byPatient(visit.createdBy ?? null) ? '' : (visit.createdByName ?? ''),
    cancelledByName: byPatient(visit.cancelledBy ?? null) ? '' : (visit.cancelledByName ?? ''),
    unplaced: visit.unplaced ? { ...visit.unplaced, takenBy: '' } : null,
  }
}
