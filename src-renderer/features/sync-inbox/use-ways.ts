/** The ways on from a booking or a move that lost its time, each written to the local database first. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { cancelLocally, type LocalWrite, moveLocally, placeLocally } from '#renderer/local-db/appointments-store.ts'
import { type HandledWay, noteHandled } from '#renderer/local-db/handled-entries.ts'
import { addEntryLocally } from '#renderer/local-db/waitlist-store.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { WaitWish } from './way-forms.tsx'

/** Each answers whether it was done; what stood in the way has then been said. */
export type Ways = {
  readonly place: (time: Pick<Alternative, 'doctorId' | 'start'>) => Promise<boolean>
  readonly overbook: (reason: string) => Promise<boolean>
  readonly wait: (wish: WaitWish) => Promise<boolean>
  readonly drop: () => Promise<boolean>
}

/**
 * @param entryId of the inbox
 * @param wanted the visit as it was wanted
 * @param keepsTime true when the visit stands elsewhere, and only the wish for another time was lost
 */
export function useWays(clinic: Clinic, entryId: string, wanted: Appointment, keepsTime: boolean): Ways {
  const { t } = useTranslation()
  return useMemo(() => {
    const { desk } = clinic
    const { id, patientId, doctorId, start } = wanted
    const say = (written: { readonly ok: true } | { readonly ok: false; readonly reason: string }): boolean => {
      if (!written.ok) showProblem(refusalSentence(t, written.reason))
      return written.ok
    }
    const handled = (way: HandledWay, visit: Pick<Appointment, 'start' | 'doctorId'> | null): Promise<void> =>
      noteHandled(desk, {
        id: entryId,
        way,
        patientId,
        visitId: visit || keepsTime ? id : null,
        start: visit?.start ?? null,
        doctorId: visit?.doctorId ?? null,
      })
    const done = async (written: LocalWrite, way: HandledWay): Promise<boolean> => {
      if (!say(written)) return false
      await handled(way, written.ok ? written.appointment : null)
      return true
    }
    const giveUp = (reason: string): Promise<LocalWrite> => cancelLocally(desk, id, reason)
    return {
      place: async (time) =>
        keepsTime
          ? done(await moveLocally(desk, id, time), 'moved')
          : done(await placeLocally(desk, id, time), 'placed'),
      overbook: async (overbookReason) =>
        done(await moveLocally(desk, id, { doctorId, start, overbookReason }), 'overbooked'),
      wait: async ({ isSameDoctor, note }) => {
        const doctorIds = isSameDoctor ? [doctorId] : []
        const added = await addEntryLocally(desk, { patientId, typeId: wanted.typeId, doctorIds, note })
        if (!say(added)) return false
        if (!keepsTime && !say(await giveUp(t('inbox.waitlisted-reason')))) return false
        await handled('waitlisted', null)
        return true
      },
      drop: async () => {
        if (!say(await giveUp(t('inbox.dropped-reason')))) return false
        await handled('dropped', null)
        return true
      },
    }
  }, [clinic, entryId, wanted, keepsTime, t])
}
