import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, PatientId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { useLocalDb, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import { find, patientsById } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

/** A change made here that the server has not yet taken. */
export type UnsentChange =
  | { readonly kind: 'appointment'; readonly id: string; readonly appointment: Appointment }
  | { readonly kind: 'patient'; readonly id: string; readonly patient: Patient }

const NONE: readonly never[] = []

/** What still waits to be sent, visits by time, then patients. */
export function useUnsentChanges(): readonly UnsentChange[] {
  const { database } = useLocalDb()
  const visitIds = useUnsent('appointments')
  const patientIds = useUnsent('patients')
  const visits = useRxQuery(
    useMemo(
      () =>
        visitIds.size === 0 ? null : find(database, 'appointments', { id: { $in: [...visitIds] as AppointmentId[] } }),
      [database, visitIds],
    ),
  )
  const patients = useRxQuery(
    useMemo(
      () => (patientIds.size === 0 ? null : patientsById(database, [...patientIds] as PatientId[])),
      [database, patientIds],
    ),
  )
  return useMemo(
    () => [
      ...(visits ?? NONE)
        .toSorted((a, b) => a.start - b.start)
        .map((appointment) => ({ kind: 'appointment' as const, id: appointment.id, appointment })),
      ...(patients ?? NONE).map((patient) => ({ kind: 'patient' as const, id: patient.id, patient })),
    ],
    [visits, patients],
  )
}
