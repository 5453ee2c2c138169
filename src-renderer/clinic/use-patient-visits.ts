import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfPatient } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

const NONE: readonly never[] = []

/** The patient's visits on this device, every status, oldest first; those before and beyond its window are not among them. */
export function usePatientVisits(patientId: PatientId | null): readonly Appointment[] {
  const { database } = useLocalDb()
  const found = useRxQuery(
    useMemo(() => (patientId === null ? null : appointmentsOfPatient(database, patientId)), [database, patientId]),
  )
  return useMemo(() => found?.toSorted((a, b) => a.start - b.start) ?? NONE, [found])
}
