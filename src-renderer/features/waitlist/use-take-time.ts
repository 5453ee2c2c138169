/** Giving a time to somebody who waits: booked at once, or offered by message. */
import { useTranslation } from 'react-i18next'
import { offersAnswerSchema } from '#domain/api/waitlist-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { cameAt, isWalkIn } from '#domain/waitlist/walk-in.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useTold } from '#renderer/clinic/use-told.ts'
import { bookLocally, cancelLocally, type Wish } from '#renderer/local-db/appointments-store.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { useWhenSent } from '#renderer/local-db/use-when-sent.ts'
import { changeEntryLocally } from '#renderer/local-db/waitlist-store.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'

type Place = Pick<Wish, 'doctorId' | 'start'>

export type TakeTime = {
  /** Books and, where it was for an entry, closes that. Undo calls the visit off and puts the entry back. */
  readonly book: (wish: Wish, entry: WaitlistEntry | null) => Promise<Appointment | undefined>
  readonly bookEntry: (entry: WaitlistEntry, place: Place) => Promise<Appointment | undefined>
  /** Asks the server to write to them; the time is kept for them while the offer stands. */
  readonly offer: (entry: WaitlistEntry, place: Place) => Promise<boolean>
}

export function useTakeTime(clinic: Clinic, api: ServerApi): TakeTime {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const told = useTold(clinic)
  const whenSent = useWhenSent('appointments')
  const { desk, zone } = clinic
  const close = async (entry: WaitlistEntry, status: 'waiting' | 'withdrawn'): Promise<void> => {
    const changed = await changeEntryLocally(desk, entry.id, { status })
    if (!changed.ok) showProblem(refusalSentence(t, changed.reason))
  }
  const book: TakeTime['book'] = async (wish, entry) => {
    const written = await bookLocally(desk, { ...wish, isConfirmed: clinic.may('confirm-appointment', wish) })
    if (!written.ok) {
      showProblem(refusalSentence(t, written.reason))
      return undefined
    }
    const { appointment } = written
    if (entry) await close(entry, 'withdrawn')
    const undo = async (): Promise<void> => {
      await whenSent(appointment.id)
      const undone = await cancelLocally(desk, appointment.id, t('undo.booked-reason'))
      if (!undone.ok) showProblem(refusalSentence(t, undone.reason))
      else if (entry) await close(entry, 'waiting')
    }
    const words = {
      name: lookup(wish.patientId)?.name ?? '',
      time: format.moment(appointment.start),
      doctor: clinic.doctorOf(wish.doctorId)?.name ?? '',
    }
    showUndo(t('undo.booked', words), t('undo.button'), undo, await told('booked', appointment))
    return appointment
  }
  return {
    book,
    bookEntry: (entry, place) => {
      const since = isWalkIn(entry, zone) ? cameAt(entry, zone) : null
      const { patientId, typeId, note } = entry
      return book({ ...place, patientId, typeId, note, ...(since !== null && { walkInSince: since }) }, entry)
    },
    offer: async (entry, place) => {
      const body = { entryIds: [entry.id], ...place }
      const answer = await api.call({
        method: 'POST',
        path: '/waitlist/offers',
        body,
        schema: offersAnswerSchema,
        pick: () => null,
      })
      if (!answer.ok)
        showProblem(answer.kind === 'offline' ? t('waitlist.offer-offline') : refusalSentence(t, answer.code))
      return answer.ok
    },
  }
}
