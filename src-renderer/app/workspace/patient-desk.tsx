import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommandId } from '#domain/commands/commands.ts'
import { useClinic } from '#renderer/clinic/use-clinic.ts'
import { ZoneNote } from '#renderer/clinic/zone-note.tsx'
import { PreferencesDialog } from '#renderer/features/notifications/preferences-dialog.tsx'
import { OwnVisits, showOwnVisit } from '#renderer/features/own-visits/own-visits.tsx'
import { SignOutDialog } from '#renderer/features/sign-out/sign-out-dialog.tsx'
import { SyncPill } from '#renderer/features/sync-pill/sync-pill.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { BrandMark } from '#renderer/ui/parts/brand-mark.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Bell } from './bell.tsx'
import type { Host } from './desk-parts.ts'
import { Notices } from './notices.tsx'
import classes from './patient-desk.module.css'
import { type CommandRuns, provideRuns } from './run-command.ts'
import { toHotkeys } from './to-hotkeys.ts'
import { showOverlay, useView } from './view-state.ts'

const ENABLED: readonly CommandId[] = ['app.lock', 'app.sign-out', 'app.notification-preferences', 'go.notifications']

/** What a patient sees: their own visits. */
export function PatientDesk({ host }: { readonly host: Host }) {
  const { i18n } = useTranslation()
  const clinic = useClinic()
  const overlay = useView((view) => view.overlay)
  const { platform, session } = host
  const runs: CommandRuns = {
    'app.lock': host.onLock,
    'app.sign-out': () => showOverlay('sign-out'),
    'app.notification-preferences': () => showOverlay('notification-preferences'),
    'go.notifications': () => showOverlay('notifications'),
  }
  provideRuns(runs)
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
        <SyncPill onOpen={session.sync.kick} />
        <Bell host={host} onVisit={({ id }) => showOwnVisit(id)} />
        <AccountMenu user={session.user} runs={runs} />
      </header>
      <Notices host={host} />
      <main className={classes.main}>
        <OwnVisits clinic={clinic} api={host.api} />
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
