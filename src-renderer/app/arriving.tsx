import { useEffect, useMemo, useState } from 'react'
import { PairScreen } from '#renderer/features/first-run/pair-screen.tsx'
import { LogInScreen } from '#renderer/features/log-in/log-in-screen.tsx'
import type { LogInView, OpenClinic } from '#renderer/features/log-in/log-in-view.ts'
import type { Platform } from '#renderer/platform/types.ts'
import { type AccountApi, createAccountApi } from '#renderer/server-api/account-api.ts'
import type { Identification } from '#renderer/server-api/identify.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { switchLanguage } from './i18n.ts'
import { forgetPairing, keepPairing, type Pairing, readPairing } from './pairing.ts'
import { deviceName, nameDevice } from './session/device-identity.ts'
import type { SessionController } from './session/session-controller.ts'
import type { SignedOut } from './session/session-state.ts'
import { useServerIdentity } from './use-server-identity.ts'

type ArrivingProps = {
  readonly state: SignedOut
  readonly platform: Platform
  readonly api: ServerApi
  readonly controller: SessionController
}

/** The way in: a server that was just chosen is compared first, then the log-in screen. */
export function Arriving(props: ArrivingProps) {
  const { state, platform, api } = props
  const [known, askAgain] = useServerIdentity(api, state.server === 'reachable')
  const [pairing, setPairing] = useState(() => (platform.can['choose-server'] ? readPairing(api.origin) : null))
  if (pairing === null || isTrusted(pairing, known)) return <LogIn {...props} known={known} onClock={askAgain} />
  return (
    <PairScreen
      serverName={nameOf(api)}
      known={known}
      hasChanged={pairing.publicKey !== null}
      firstName={deviceName()}
      onMatch={({ publicKey }, name) => {
        nameDevice(name)
        keepPairing({ ...pairing, publicKey })
        setPairing({ ...pairing, publicKey })
      }}
      onBack={() => void goBack(platform, pairing)}
      onAgain={() => void askAgain()}
      onLanguage={(language) => switchLanguage(null, language)}
    />
  )
}

/** As long as it does not answer, whoever was trusted is: what is kept here opens without it. */
function isTrusted({ publicKey }: Pairing, known: Identification | null): boolean {
  if (publicKey === null) return false
  if (known === null) return true
  return known.ok ? known.server.publicKey === publicKey : known.reason === 'offline'
}

type LogInProps = ArrivingProps & { readonly known: Identification | null; readonly onClock: () => Promise<void> }

function LogIn({ state, platform, api, controller, known, onClock }: LogInProps) {
  const accounts = useMemo(() => createAccountApi(api), [api])
  const openClinics = useOpenClinics(accounts, state.server === 'reachable')
  const clockSkewMs = known?.ok && !known.server.isClockRight ? known.server.skewMs : null
  const view = useMemo<LogInView>(
    () => ({
      ...state,
      accounts,
      openClinics,
      clockSkewMs,
      onClock: () => void onClock(),
      serverName: nameOf(api),
      onSignIn: (email, password, isOwnDevice) =>
        void controller.signIn({ email, password, ...(isOwnDevice === undefined ? {} : { isOwnDevice }) }),
      onUnlock: (userId, password) => void controller.unlock(userId, password),
      onPreviousPassword: (previousPassword) => void controller.givePrevious(previousPassword),
      onCode: (code) => void controller.answerFactor(code),
      onClinic: (id) => void controller.chooseClinic(id),
      onStartOver: () => controller.startOver(),
      onLook: () => void controller.look(),
      onLanguage: (language) => switchLanguage(null, language),
      onServer: platform.can['choose-server'] ? (address) => changeServer(platform, api, address) : null,
    }),
    [state, accounts, openClinics, clockSkewMs, onClock, platform, api, controller],
  )
  return <LogInScreen view={view} />
}

const nameOf = ({ origin }: ServerApi): string => (origin || location.origin).replace(/^https?:\/\//, '')

const NO_CLINICS: readonly OpenClinic[] = []

/** Where patients may register, asked once the server can be reached. */
function useOpenClinics(accounts: AccountApi, isReachable: boolean): readonly OpenClinic[] {
  const [clinics, setClinics] = useState(NO_CLINICS)
  useEffect(() => {
    if (!isReachable) return
    void accounts.openClinics().then((answer) => {
      if (answer.ok) setClinics(answer.value.clinics)
    })
  }, [accounts, isReachable])
  return clinics
}

/** Another server means another page: what was opened or asked before belongs to the old one. It is compared before anybody signs in. */
async function changeServer(platform: Platform, { origin: before }: ServerApi, address: string) {
  const answer = await platform.setServer(address)
  if (!answer.ok) return answer.reason
  keepPairing({ origin: await platform.serverOrigin(), publicKey: null, before })
  location.reload()
  return null
}

async function goBack(platform: Platform, { before }: Pairing): Promise<void> {
  forgetPairing()
  await platform.setServer(before)
  location.reload()
}
