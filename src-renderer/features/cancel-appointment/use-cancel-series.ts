import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { isToCome } from '#domain/appointment/series-place.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { SeriesOf } from '#renderer/clinic/use-series-of.ts'
import { useUndoVisits } from '#renderer/clinic/use-undo-visits.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { createBookingCalls } from '#renderer/server-api/booking-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'

/** Calls a visit of a series off with all that are still to come after it; null where there is nothing after it. */
export function useCancelSeries(
  api: Pick<ServerApi, 'call'>,
  clinic: Clinic,
  visit: Appointment,
  series: SeriesOf | null,
): ((reason: string) => Promise<boolean>) | null {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const failure = useFailure()
  const undoVisits = useUndoVisits(api)
  const { localDay, patientId } = visit
  if (!series || series.later.length === 0 || !isToCome(visit, clinic.desk.now())) return null
  return async (reason) => {
    const answer = await createBookingCalls(api).cancelSeries(series.id, { reason, from: localDay })
    if (!answer.ok) {
      showProblem(failure(answer))
      return false
    }
    const cancelled = answer.value.outcomes.flatMap(({ appointment }) => appointment ?? [])
    const words = { name: lookup(patientId)?.name ?? '', count: cancelled.length }
    showUndo(t('series.cancelled', words), t('undo.button'), () => undoVisits(cancelled))
    return true
  }
}
