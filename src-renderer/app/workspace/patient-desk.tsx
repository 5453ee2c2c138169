import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommandId } from '#domain/commands/commands.ts'
import type { DeepLink } from '#domain/commands/deep-link.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { useClinic } from '#renderer/clinic/use-clinic.ts'
import { ZoneNote } from '#renderer/clinic/zone-note.tsx'
import { PreferencesDialog } from '#renderer/features/notifications/preferences-dialog.tsx'
import { showOwnVisit } from '#renderer/features/own-visits/own-visits.tsx'
import { SignOutDialog } from '#renderer/features/sign-out/sign-out-dialog.tsx'
import { SyncPill } from '#renderer/features/sync-pill/sync-pill.tsx'
import { find, readAll } from '#renderer/local-db/queries.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { BrandMark } from '#renderer/ui/parts/brand-mark.tsx'
import { useRoomy } from '#renderer/ui/theme/use-roomy.ts'
import { AccountMenu } from './account-menu.tsx'
import { Bell } from './bell.tsx'
import type { Host } from './desk-parts.ts'
import { Notices } from './notices.tsx'
import classes from './patient-desk.module.css'
import { PatientNav } from './patient-nav.tsx'
import { PatientScreen } from './patient-screens.tsx'
import { showPatientScreen } from './patient-view.ts'
import { type CommandRuns, provideRuns } from './run-command.ts'
import { toHotkeys } from './to-hotkeys.ts'
import { useLinks } from './use-links.ts'
import { showOverlay, useView } from './view-state.ts'

const ENABLED: readonly CommandId[] = [
  'app.lock',
  'app.account',
  'app.sign-out',
  'app.notification-preferences',
  'go.notifications',
]

/** The list is drawn before the visit in it is looked for. */
function showVisit(id: AppointmentId): void {
  showPatientScreen({ screen: 'visits' })
  requestAnimationFrame(() => showOwnVisit(id))
}

/** Of all that links lead to, patients see their own visits only. */
async function openOwn({ session }: Host, link: DeepLink): Promise<boolean> {
  if (link.to !== 'appointment') return false
  const [visit] = await readAll(find(session.database, 'appointments', { id: link.id }))
  if (visit) showVisit(visit.id)
  return visit !== undefined
}

/** What a patient sees: their own visits, the way to more of them, and their account. */
export function PatientDesk({ host }: { readonly host: Host }) {
  const { i18n } = useTranslation()
  const clinic = useClinic()
  useRoomy('always')
  const overlay = useView((view) => view.overlay)
  const { platform, session } = host
  const runs: CommandRuns = {
    'app.lock': host.onLock,
    'app.account': () => showPatientScreen({ screen: 'account' }),
    'app.sign-out': () => showOverlay('sign-out'),
    'app.notification-preferences': () => showOverlay('notification-preferences'),
    'go.notifications': () => showOverlay('notifications'),
  }
  provideRuns(runs)
  useLinks(host, (link) => openOwn(host, link))
  useHotkeys(toHotkeys(runs))
  useEffect(() => platform.onCommand((id) => runs[id]?.()))
  useEffect(() => {
    void platform.reportCommands({ enabled: ENABLED, language: i18n.language })
  }, [platform, i18n.language])
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <BrandMark size={24} />
        <bdi className={classes.clinic}>{session.user.clinic.name}</bdi>
        <ZoneNote zone={clinic.zone} />
        <SyncPill needsYou={0} onOpen={session.sync.kick} />
        <Bell host={host} onVisit={({ id }) => showVisit(id)} />
        <AccountMenu user={session.user} runs={runs} />
      </header>
      <Notices host={host} />
      <PatientNav />
      <main className={classes.main}>
        <PatientScreen host={host} clinic={clinic} />
      </main>
      {overlay === 'notification-preferences' && (
        <PreferencesDialog api={host.api} onClose={() => showOverlay('none')} />
      )}
      {overlay === 'sign-out' && (
        <SignOutDialog
          unsent={[]}
          isKept={session.isKept}
          onSignOut={host.onSignOut}
          onInbox={() => showOverlay('none')}
          onClose={() => showOverlay('none')}
        />
      )}
    </div>
  )
}
