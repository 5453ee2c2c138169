import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { RecoveryCodes } from '#renderer/clinic/recovery-codes.tsx'
import { DamagedStoreScreen } from '#renderer/features/damaged-store/damaged-store-screen.tsx'
import { LockScreen } from '#renderer/features/lock-screen/lock-screen.tsx'
import { onlyHere } from '#renderer/local-db/sync-status.ts'
import type { Platform } from '#renderer/platform/types.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { Entrance } from '#renderer/ui/parts/entrance.tsx'
import { clearToasts } from '#renderer/ui/parts/toasts.tsx'
import { Arriving } from './arriving.tsx'
import { showLanguage, wantedLanguage } from './i18n.ts'
import { saveCodes } from './save-codes.ts'
import { countOf } from './session/salvage-file.ts'
import type { SessionController } from './session/session-controller.ts'
import type { Host } from './workspace/desk-parts.ts'
import { resetView } from './workspace/view-state.ts'
import { Workspace } from './workspace/workspace.tsx'

/** Reception desks stand in waiting rooms. */
const IDLE_LOCK_MS = 15 * 60_000

export type AppProps = {
  readonly platform: Platform
  readonly api: ServerApi
  readonly controller: SessionController
}

/** One screen for each state a session can be in. */
export function App({ platform, api, controller }: AppProps) {
  const state = useSyncExternalStore(controller.subscribe, controller.getState)
  useEffect(() => platform.onLock(() => controller.lock()), [platform, controller])
  const isOpen = state.phase === 'open'
  useEffect(() => (isOpen ? clearToasts : undefined), [isOpen])
  const isLeft = state.phase === 'signed-out'
  useEffect(() => (isLeft ? resetView() : undefined), [isLeft])
  const userId = 'session' in state ? state.session.user.id : null
  useEffect(() => {
    void showLanguage(wantedLanguage(userId))
  }, [userId])
  const { i18n } = useTranslation()
  useEffect(() => {
    if (!isLeft) return
    void platform.reportCommands({ enabled: [], language: i18n.language })
    void platform.reportUnsent(0)
  }, [isLeft, platform, i18n.language])
  switch (state.phase) {
    case 'starting':
      return null
    case 'signed-out':
      return <Arriving state={state} platform={platform} api={api} controller={controller} />
    case 'locked':
      return (
        <LockScreen
          name={state.session.user.name}
          clinicName={state.session.user.clinic.name}
          waiting={onlyHere(state.session.sync.getStatus())}
          isBusy={state.isBusy}
          problem={state.problem}
          needsCode={state.needsCode}
          isKept={state.session.isKept}
          onOpen={(password, code) => void controller.reopen(password, code)}
          onSwitch={() => controller.switchUser()}
        />
      )
    case 'damaged':
      return (
        <DamagedStoreScreen
          changes={state.found && countOf(state.found)}
          unreadable={state.found?.unreadable.length ?? 0}
          step={state.step}
          isUnsaved={state.isUnsaved}
          onRebuild={(isSaved) => void controller.rebuild({ isSaved })}
        />
      )
    case 'revoked':
      return <Parting waiting={onlyHere(state.session.sync.getStatus())} />
    case 'recovery-codes':
      return <Codes codes={state.codes} platform={platform} onDone={() => controller.goOn()} />
    case 'open':
      return <Open platform={platform} api={api} controller={controller} state={state} />
  }
}

/** While the server is asked what becomes of the data here. */
function Parting({ waiting }: { readonly waiting: number }) {
  const { t } = useTranslation()
  return (
    <Entrance title={t('app-name')}>
      <p role="status">{waiting > 0 ? t('parting.unsent', { count: waiting }) : t('parting.nothing')}</p>
    </Entrance>
  )
}

type CodesProps = Pick<AppProps, 'platform'> & { readonly codes: readonly string[]; readonly onDone: () => void }

function Codes({ codes, platform, onDone }: CodesProps) {
  const { t } = useTranslation()
  return (
    <Entrance title={t('app-name')}>
      <RecoveryCodes codes={codes} onSave={(text) => saveCodes(platform, text)} onDone={onDone} />
    </Entrance>
  )
}

type OpenProps = AppProps & { readonly state: Extract<ReturnType<SessionController['getState']>, { phase: 'open' }> }

function Open({ platform, api, controller, state }: OpenProps) {
  const { session, patients } = state
  const host = useMemo<Host>(
    () => ({
      platform,
      api,
      session,
      onLock: () => controller.lock(),
      onPersonChanged: () => controller.refreshUser(),
      idleLockMs: IDLE_LOCK_MS,
      onRenew: (password, code) => controller.renew(password, code),
      onSignOut: (isWiped) => controller.signOut({ isWiped }),
    }),
    [platform, api, session, controller],
  )
  return <Workspace host={host} patients={patients} />
}
