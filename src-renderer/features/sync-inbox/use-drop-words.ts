import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { toldAt } from '#domain/message/told-at.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'

/** How the patient learns that a booking is given up: a message and when it leaves, or that somebody has to call. */
export function useDropWords({ desk }: Clinic, visit: Appointment): string {
  const { t } = useTranslation()
  const format = useFormat()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [patient, setPatient] = useState<Patient>()
  useEffect(() => {
    let isCurrent = true
    void desk.database.patients
      .findOne(visit.patientId)
      .exec()
      .then((found) => {
        if (isCurrent && found) setPatient(found.toJSON() as Patient)
      })
    return () => {
      isCurrent = false
    }
  }, [desk, visit.patientId])
  if (!patient) return ''
  const { name, phone } = patient
  const at = toldAt('cancelled', visit, patient, desk.now())
  if (at === null) return phone === '' ? t('inbox.drop-untold', { name }) : t('inbox.drop-call', { name, phone })
  return isOnline ? t('inbox.drop-told', { name, time: format.time(at) }) : t('inbox.drop-told-later', { name })
}
