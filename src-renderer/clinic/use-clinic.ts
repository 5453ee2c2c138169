/** What every screen asks about the clinic: who acts, where, when, and who can be booked for what. */
import { useMemo } from 'react'
import { can, mayEver, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { DEFAULT_POLICIES } from '#domain/clinic/policies.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { Zone } from '#domain/time/clinic-time.ts'
import { type Desk, subjectOf } from '#renderer/local-db/desk.ts'
import { useDesk, useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { allAppointmentTypes, allDoctors } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

export type Clinic = {
  readonly desk: Desk
  readonly zone: Zone
  /** Whoever waits this long is marked. */
  readonly waitingLimitMinutes: number
  readonly subject: Subject
  /** Doctors in the order of the board's columns; those who left are in `doctorOf` only. */
  readonly doctors: readonly Doctor[]
  /** The doctors this person may book, in the same order. */
  readonly bookable: readonly Doctor[]
  readonly doctorOf: (id: DoctorId) => Doctor | undefined
  readonly types: readonly AppointmentType[]
  readonly typeOf: (id: AppointmentTypeId) => AppointmentType | undefined
  readonly may: (permission: Permission, row: Pick<Appointment, 'doctorId' | 'patientId'>) => boolean
  readonly mayEver: (permission: Permission) => boolean
}

const NONE: readonly never[] = []

/** The same object until the clinic's doctors or types change. */
export function useClinic(): Clinic {
  const { database, user } = useLocalDb()
  const desk = useDesk()
  const everybody = useRxQuery(useMemo(() => allDoctors(database), [database])) ?? NONE
  const types = useRxQuery(useMemo(() => allAppointmentTypes(database), [database])) ?? NONE
  return useMemo(() => {
    const subject = subjectOf(user)
    const doctorsById = new Map(everybody.map((doctor) => [doctor.id, doctor]))
    const typesById = new Map(types.map((type) => [type.id, type]))
    const doctors = everybody.filter(({ isActive }) => isActive).toSorted((a, b) => a.position - b.position)
    const scope = { clinicId: user.clinic.id }
    return {
      desk,
      zone: user.clinic.zone,
      waitingLimitMinutes: user.clinic.waitingLimitMinutes ?? DEFAULT_POLICIES.waitingLimitMinutes,
      subject,
      doctors,
      bookable: doctors.filter(({ id }) => can(subject, 'book-appointment', { ...scope, doctorId: id })),
      doctorOf: (id) => doctorsById.get(id),
      types: types.filter(({ isActive }) => isActive).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      typeOf: (id) => typesById.get(id),
      may: (permission, { doctorId, patientId }) =>
        can(subject, permission, { clinicId: user.clinic.id, doctorId, patientId }),
      mayEver: (permission) => mayEver(subject, permission),
    }
  }, [desk, user, everybody, types])
}
