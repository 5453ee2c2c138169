import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { LockScreen } from '#renderer/features/lock-screen/lock-screen.tsx'
import { LogInScreen } from '#renderer/features/log-in/log-in-screen.tsx'
import type { LogInView } from '#renderer/features/log-in/log-in-view.ts'
import { onlyHere } from '#renderer/local-db/sync-status.ts'
import type { Platform } from '#renderer/platform/types.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { clearToasts } from '#renderer/ui/parts/toasts.tsx'
import type { Credentials } from './session/attempts.ts'
import type { SessionController } from './session/session-controller.ts'
import type { SignedOut } from './session/session-state.ts'
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
  useEffect(() => {
    if (!isLeft) return
    resetView()
    void platform.reportCommands({ enabled: [], language: document.documentElement.lang || 'en' })
  }, [isLeft, platform])
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
          problem={state.problem as 'wrong-password-here' | 'wrong-credentials' | 'server-needed' | null}
          onOpen={(password) => void controller.reopen(password)}
        />
      )
    case 'open':
      return <Open platform={platform} api={api} controller={controller} state={state} />
  }
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
      idleLockMs: IDLE_LOCK_MS,
      onRenew: (password) => controller.renew(password),
      onSignOut: (isWiped) => controller.signOut({ isWiped }),
    }),
    [platform, api, session, controller],
  )
  return <Workspace host={host} patients={patients} />
}

/** The log-in screen; it remembers what was typed while a previous password is asked for. */
function Arriving({ state, platform, api, controller }: AppProps & { readonly state: SignedOut }) {
  const last = useRef<Credentials | null>(null)
  const { enrolments } = state
  const view = useMemo<LogInView>(() => {
    const signIn = (credentials: Credentials): void => {
      last.current = credentials
      void controller.signIn(credentials)
    }
    return {
      ...state,
      serverName: (api.origin || location.origin).replace(/^https?:\/\//, ''),
      onSignIn: (email, password, isOwnDevice) =>
        signIn({ email, password, ...(isOwnDevice === undefined ? {} : { isOwnDevice }) }),
      onUnlock: (userId, password) => {
        const login = enrolments.find((one) => one.userId === userId)?.login ?? ''
        last.current = { email: login, password }
        void controller.unlock(userId, password)
      },
      onPreviousPassword: (previousPassword) => {
        if (!last.current) return
        signIn({ ...last.current, ...(previousPassword === null ? { startsAfresh: true } : { previousPassword }) })
      },
      onLook: () => void controller.look(),
      onServer: platform.can['choose-server'] ? (address) => changeServer(platform, address) : null,
    }
  }, [state, enrolments, platform, api, controller])
  return <LogInScreen view={view} />
}

/** Another server means another page: what was opened or asked before belongs to the old one. */
async function changeServer(platform: Platform, address: string) {
  const answer = await platform.setServer(address)
  if (!answer.ok) return answer.reason
  location.reload()
  return null
}
