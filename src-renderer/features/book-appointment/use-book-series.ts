import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentView } from '#domain/api/appointment-api.ts'
import type { SeriesBody } from '#domain/api/series-api.ts'
import type { AppointmentSeriesId } from '#domain/ids.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { useTold } from '#renderer/clinic/use-told.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { BookingCalls } from '#renderer/server-api/booking-calls.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'

/**
 * Books all visits of a series at the server, or none where something was taken meanwhile, and offers to take them back. A lost
 * answer is asked for again under the same key, so that nothing is booked twice.
 * @returns the first visit; undefined where nothing is known to be booked, which is said
 */
export function useBookSeries(
  clinic: Clinic,
  calls: BookingCalls,
): (body: SeriesBody, undoReason: string) => Promise<AppointmentView | undefined> {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const told = useTold(clinic)
  const failure = useFailure()
  const request = useRef({ text: '', key: '' })
  const takeBack = async (id: AppointmentSeriesId, reason: string): Promise<void> => {
    const undone = await calls.cancelSeries(id, { reason })
    if (!undone.ok) showProblem(failure(undone))
  }
  return async (body, undoReason) => {
    const text = JSON.stringify(body)
    if (request.current.text !== text) request.current = { text, key: crypto.randomUUID() }
    const answer = await calls.bookSeries(body, request.current.key)
    if (!answer.ok) {
      showProblem(answer.kind === 'offline' ? t('book.series.no-answer') : failure(answer))
      return undefined
    }
    const { seriesId, outcomes } = answer.value
    const visits = outcomes.flatMap(({ appointment }) => appointment ?? [])
    const [first] = visits
    if (seriesId === null || !first) {
      showProblem(t('book.series.meanwhile'))
      return undefined
    }
    const words = { name: lookup(body.patientId)?.name ?? '', count: visits.length }
    const undo = () => takeBack(seriesId, undoReason)
    showUndo(t('book.series.booked', words), t('undo.button'), undo, await told('booked', first))
    return first
  }
}
