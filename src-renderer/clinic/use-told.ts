import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { toldAt, type VisitNews } from '#domain/message/told-at.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { useFormat } from './format.ts'
import type { Clinic } from './use-clinic.ts'

/** The sentence about the message that follows a change unless it is taken back; empty when nobody is written to. */
export function useTold({ desk }: Clinic): (news: VisitNews, visit: Appointment) => Promise<string> {
  const { t } = useTranslation()
  const format = useFormat()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  return useCallback(
    async (news, visit) => {
      const patient = (await desk.database.patients.findOne(visit.patientId).exec())?.toJSON() as Patient | undefined
      const at = patient ? toldAt(news, visit, patient, desk.now()) : null
      if (at === null) return ''
      // The server counts from when it hears of the change.
      return isOnline ? t('undo.told-at', { time: format.time(at) }) : t('undo.told-later')
    },
    [desk, t, format, isOnline],
  )
}
