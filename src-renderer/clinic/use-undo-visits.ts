import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { createBookingCalls } from '#renderer/server-api/booking-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'

/** Takes the last change of several visits back at the server, the last one first; says how many could not be. */
export function useUndoVisits(
  api: Pick<ServerApi, 'call'>,
): (visits: readonly Pick<Appointment, 'id' | 'revision'>[]) => Promise<void> {
  const { t } = useTranslation()
  return async (visits) => {
    const calls = createBookingCalls(api)
    let kept = 0
    for (const visit of visits.toReversed()) {
      const undone = await calls.undoVisit(visit)
      if (!undone.ok) kept += 1
    }
    if (kept > 0) showProblem(t('series.not-undone', { count: kept }))
  }
}
