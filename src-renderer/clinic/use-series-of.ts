import { useEffect, useMemo, useState } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { placeInSeries, type SeriesPlace } from '#domain/appointment/series-place.ts'
import type { AppointmentSeriesId } from '#domain/ids.ts'
import { useLocalDb, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfPatient } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { createBookingCalls } from '#renderer/server-api/booking-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Clinic } from './use-clinic.ts'

export type SeriesOf = SeriesPlace & {
  readonly id: AppointmentSeriesId
  /** False while only this computer's own days are known: then neither place nor count is sure. */
  readonly isWhole: boolean
}

/** The series a visit belongs to, as the server has it, else as far as this computer holds it; null for a visit by itself. */
export function useSeriesOf(api: Pick<ServerApi, 'call'>, clinic: Clinic, visit: Appointment): SeriesOf | null {
  const { database } = useLocalDb()
  const { patientId, seriesId, revision } = visit
  const local = useRxQuery(useMemo(() => appointmentsOfPatient(database, patientId), [database, patientId]))
  const known = useMemo(() => (local ?? []).filter((each) => each.seriesId === seriesId), [local, seriesId])
  const whole = useWhole(api, seriesId, `${revision} ${known.map((each) => each.revision).join(' ')}`)
  if (seriesId === null) return null
  return {
    id: seriesId,
    isWhole: whole !== null,
    ...placeInSeries(whole ?? known, visit, clinic.desk.now()),
  }
}

/** All visits of the series; null until the server has answered. Asked again when one of those here changes. */
function useWhole(
  api: Pick<ServerApi, 'call'>,
  seriesId: AppointmentSeriesId | null,
  version: string,
): readonly Appointment[] | null {
  const [whole, setWhole] = useState<readonly Appointment[] | null>(null)
  const isOnline = useSyncStatus().connection.phase === 'ready'
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version asks again
  useEffect(() => {
    let isCurrent = true
    if (seriesId === null || !isOnline) return setWhole(null)
    void createBookingCalls(api)
      .viewSeries(seriesId)
      .then((answer) => {
        if (isCurrent) setWhole(answer.ok ? answer.value.appointments : null)
      })
    return () => {
      isCurrent = false
    }
  }, [api, seriesId, isOnline, version])
  return whole
}
