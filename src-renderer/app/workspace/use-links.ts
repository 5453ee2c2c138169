import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeepLink } from '#domain/commands/deep-link.ts'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { find, readAll } from '#renderer/local-db/queries.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { DeskParts, Host } from './desk-parts.ts'
import { openVisit, remember, showBoardView, showDay, showPatients, showScreen } from './view-state.ts'

/** @returns whether the place is there for this person */
type OpenLink = (link: DeepLink) => Promise<boolean>

/** Opens links from outside as long as the data is open; one that came before waits with the host until then. */
export function useLinks(host: Host, open: OpenLink): void {
  const { t } = useTranslation()
  const { platform } = host
  const { initialSync, connection } = useSyncStatus()
  // What a link leads to may be on its way still; without the server no more will come.
  const isComplete = initialSync.done || connection.phase === 'offline'
  const latest = useRef(open)
  latest.current = open
  useEffect(() => {
    if (!isComplete) return
    const follow = async (): Promise<void> => {
      const link = await platform.takeLink()
      if (link && !(await latest.current(link))) showProblem(t('refusal.link-not-here'))
    }
    void follow()
    return platform.onLink(() => void follow())
  }, [isComplete, platform, t])
}

/** Where links lead at the desk. Only what the person may see anyway is opened. */
export function useDeskLinks({ host, clinic, today }: DeskParts): void {
  const { database } = host.session
  const openPlace: OpenLink = async (link) => {
    switch (link.to) {
      case 'inbox':
        showScreen('inbox')
        return true
      case 'day':
        if (!clinic.mayEver('view-appointments')) return false
        showBoardView('day')
        showScreen('board')
        showDay(link.day === today ? null : link.day)
        return true
      case 'appointment': {
        const [visit] = clinic.mayEver('view-appointments')
          ? await readAll(find(database, 'appointments', { id: link.id }))
          : []
        if (!visit) return false
        openVisit(visit, minuteOfDayOf(visit.localStart))
        return true
      }
      case 'patient': {
        const [patient] = clinic.mayEver('view-patients')
          ? await readAll(find(database, 'patients', { id: link.id }))
          : []
        if (!patient) return false
        showPatients(patient.id)
        remember(patient.id)
        return true
      }
    }
  }
  useLinks(host, openPlace)
}
