import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import { saveVisit } from '#renderer/clinic/save-visit.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { BookVisit } from '#renderer/features/book-visit/book-visit.tsx'
import { DoctorProfiles } from '#renderer/features/doctor-profiles/doctor-profiles.tsx'
import { OwnCalendar } from '#renderer/features/own-calendar/own-calendar.tsx'
import { OwnFamily } from '#renderer/features/own-family/own-family.tsx'
import { OwnVisits } from '#renderer/features/own-visits/own-visits.tsx'
import { OwnWaitlist } from '#renderer/features/own-waitlist/own-waitlist.tsx'
import { WaitForm } from '#renderer/features/own-waitlist/wait-form.tsx'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { createAccountApi } from '#renderer/server-api/account-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { createPatientApi } from '#renderer/server-api/patient-api.ts'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import { Account } from './account.tsx'
import type { Host } from './desk-parts.ts'
import { showPatientScreen, startBooking, usePatientView } from './patient-view.ts'
import { showOverlay } from './view-state.ts'

/** The screen a patient has chosen, with what it needs of the others. */
export function PatientScreen({ host, clinic }: { readonly host: Host; readonly clinic: Clinic }) {
  const { api, session } = host
  const { phone = '', changeCutoffMinutes = 0 } = session.user.clinic
  const view = usePatientView((state) => state.view)
  const patientApi = useMemo(() => createPatientApi(api), [api])
  const isOffline = useSyncStatus().connection.phase === 'offline'
  const save = useSaveVisit(host, clinic)
  const toVisits = (): void => showPatientScreen({ screen: 'visits' })
  switch (view.screen) {
    case 'visits':
      return (
        <OwnVisits
          clinic={clinic}
          api={api}
          phone={phone}
          cutoffMinutes={changeCutoffMinutes}
          onBook={() => startBooking()}
          onMove={(visit) => startBooking(movingOf(visit))}
          onSave={save}
        >
          <OwnWaitlist clinic={clinic} patientApi={patientApi} />
        </OwnVisits>
      )
    case 'book':
      return (
        <BookVisit
          key={view.key}
          clinic={clinic}
          api={api}
          patientApi={patientApi}
          start={view.start}
          phone={phone}
          onLeave={toVisits}
          onWait={(wish) => showPatientScreen({ screen: 'wait', wish })}
          onSave={save}
        />
      )
    case 'wait':
      return <WaitForm clinic={clinic} patientApi={patientApi} wish={view.wish} onDone={toVisits} onLeave={toVisits} />
    case 'doctors':
      return (
        <DoctorProfiles
          clinic={clinic}
          patientApi={patientApi}
          isOffline={isOffline}
          onBook={(doctorId, typeId) => startBooking({ doctorId, typeId })}
        />
      )
    case 'account':
      return <PatientAccount host={host} clinic={clinic} isOffline={isOffline} />
  }
}

const movingOf = (visit: Appointment) => ({
  patientId: visit.patientId,
  typeId: visit.typeId,
  doctorId: visit.doctorId,
  moving: visit,
})

function useSaveVisit({ platform, session }: Host, clinic: Clinic): (visit: Appointment) => void {
  const { t } = useTranslation()
  return (visit) => {
    const doctorName = clinic.doctorOf(visit.doctorId)?.name ?? ''
    const words = { t, clinicName: session.user.clinic.name, doctorName }
    void saveVisit(platform, visit, words).then((result) => {
      if (result.outcome === 'error') showProblem(t('error.export-failed', { why: result.reason }))
    })
  }
}

type AccountProps = { readonly host: Host; readonly clinic: Clinic; readonly isOffline: boolean }

/** The account of a patient: for whom they book, their calendar, how they are told, and then the account itself. */
function PatientAccount({ host, clinic, isOffline }: AccountProps) {
  const { t } = useTranslation()
  const { api, platform, onPersonChanged } = host
  const accounts = useMemo(() => createAccountApi(api), [api])
  const patientApi = useMemo(() => createPatientApi(api), [api])
  const exportOf = async (id: PatientId): Promise<ApiFailure | null> => {
    const answer = await patientApi.exportOf(id)
    if (!answer.ok) return answer
    await platform.saveFile({ name: 'personal-data.json', kind: 'json', content: answer.value })
    return null
  }
  return (
    <Account host={host} title={t('account.title')}>
      <OwnFamily
        clinic={clinic}
        accounts={accounts}
        isOffline={isOffline}
        onExport={exportOf}
        onLinked={() => void onPersonChanged()}
      />
      <OwnCalendar patientApi={patientApi} patientIds={clinic.subject.patientIds} isOffline={isOffline} />
      <TitledSection
        title={t('notifications.preferences.title')}
        state={t('account.told-about')}
        action={{
          label: t('account.choose'),
          onAct: () => showOverlay('notification-preferences'),
          isOff: isOffline,
        }}
      />
    </Account>
  )
}
