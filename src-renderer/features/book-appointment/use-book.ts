import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useTold } from '#renderer/clinic/use-told.ts'
import { bookLocally, cancelLocally, type Wish } from '#renderer/local-db/appointments-store.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { useWhenSent } from '#renderer/local-db/use-when-sent.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'

/**
 * Books at once and offers to take it back; taking back calls the visit off, so that nothing vanishes without a trace.
 * Who books at the desk has the patient's word: such a visit is confirmed, when the person may confirm.
 */
export function useBook(clinic: Clinic): (wish: Wish) => Promise<Appointment | undefined> {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const told = useTold(clinic)
  const whenSent = useWhenSent('appointments')
  return async (wish) => {
    const written = await bookLocally(clinic.desk, { ...wish, isConfirmed: clinic.may('confirm-appointment', wish) })
    if (!written.ok) {
      showProblem(refusalSentence(t, written.reason))
      return undefined
    }
    const { appointment } = written
    const words = {
      name: lookup(wish.patientId)?.name ?? '',
      time: format.moment(appointment.start),
      doctor: clinic.doctorOf(wish.doctorId)?.name ?? '',
    }
    const undo = async (): Promise<void> => {
      await whenSent(appointment.id)
      const undone = await cancelLocally(clinic.desk, appointment.id, t('undo.booked-reason'))
      if (!undone.ok) showProblem(refusalSentence(t, undone.reason))
    }
    showUndo(t('undo.booked', words), t('undo.button'), undo, await told('booked', appointment))
    return appointment
  }
}
