import { useMemo } from 'react'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { ReplyList } from '#renderer/features/activity-monitor/reply-list.tsx'
import { PatientsScreen } from '#renderer/features/patients/patients-screen.tsx'
import { createMessageApi } from '#renderer/server-api/message-api.ts'
import type { DeskParts } from './desk-parts.ts'
import { openBooking, openVisit, remember, showPatients, useView } from './view-state.ts'

/** The patients, with the answers to messages that the activity monitor shows too. */
export function PatientsView({ parts }: { readonly parts: DeskParts }) {
  const { clinic, host } = parts
  const { patientId, recent } = useView()
  const messages = useMemo(() => createMessageApi(host.api), [host.api])
  return (
    <PatientsScreen
      clinic={clinic}
      api={host.api}
      platform={host.platform}
      patientId={patientId}
      recent={recent}
      replies={<ReplyList api={messages} />}
      onPatient={(id) => {
        showPatients(id)
        if (id) remember(id)
      }}
      onBook={(id) => openBooking(null, id)}
      onVisit={(visit) => openVisit(visit, minuteOfDayOf(visit.localStart))}
    />
  )
}
