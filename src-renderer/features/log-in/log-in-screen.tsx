import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageRow } from '#renderer/clinic/language-row.tsx'
import { WrongClock } from '#renderer/clinic/wrong-clock.tsx'
import { Entrance } from '#renderer/ui/parts/entrance.tsx'
import { ClinicChoice } from './clinic-choice.tsx'
import { CodeForm } from './code-form.tsx'
import { ForgottenPassword } from './forgotten-password.tsx'
import { LogInForm } from './log-in-form.tsx'
import classes from './log-in-screen.module.css'
import { isOffline, type LogInView } from './log-in-view.ts'
import { PreviousPasswordForm } from './previous-password-form.tsx'
import { RegisterForm } from './register-form.tsx'
import { ServerState } from './server-state.tsx'
import { WelcomeBackForm } from './welcome-back-form.tsx'

const LOOK_EVERY_MS = 5_000

type Way = 'sign-in' | 'forgotten' | 'register'

/** The way in: for someone new to this device, for someone whose data is kept here, and without the server. */
export function LogInScreen({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const [way, setWay] = useState<Way>('sign-in')
  const { onLook } = view
  useEffect(() => {
    const timer = setInterval(onLook, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [onLook])
  const back = (): void => setWay('sign-in')
  return (
    <Entrance title={t('app-name')} foot={<LanguageRow onChoose={view.onLanguage} />}>
      {view.farewell && <Farewell farewell={view.farewell} />}
      {way === 'sign-in' && <InTime view={view} onWay={setWay} />}
      {way === 'forgotten' && <ForgottenPassword accounts={view.accounts} onBack={back} />}
      {way === 'register' && <RegisterForm accounts={view.accounts} clinics={view.openClinics} onBack={back} />}
      <ServerState view={view} />
    </Entrance>
  )
}

function Farewell({ farewell }: { readonly farewell: NonNullable<LogInView['farewell']> }) {
  const { t } = useTranslation()
  if (farewell.kind !== 'handed-in') return <p role="status">{t(`log-in.farewell.${farewell.kind}`)}</p>
  const { count, left } = farewell
  return (
    <p role="status">
      {count === 0 ? t('log-in.farewell.nothing-unsent') : t('log-in.farewell.handed-in', { count })}
      {left > 0 && ` ${t('log-in.farewell.left', { count: left })}`}
    </p>
  )
}

type WayProps = { readonly view: LogInView; readonly onWay: (way: Way) => void }

/** A device that is new here is not taken in with a wrong clock; whoever has data here is told, and goes on. */
function InTime({ view, onWay }: WayProps) {
  const { clockSkewMs, enrolments, onClock } = view
  const wrong = clockSkewMs !== null && <WrongClock skewMs={clockSkewMs} onAgain={onClock} />
  if (wrong && enrolments.length === 0) return wrong
  return (
    <>
      {wrong}
      <SignIn view={view} onWay={onWay} />
    </>
  )
}

function SignIn({ view, onWay }: WayProps) {
  const { t } = useTranslation()
  const { enrolments, expectedUserId } = view
  const [isSomeoneElse, setIsSomeoneElse] = useState(false)
  if (view.secondFactor) return <CodeForm view={view} />
  if (view.clinics.length > 0) return <ClinicChoice view={view} />
  if (view.needsPreviousPassword) return <PreviousPasswordForm view={view} />
  const isKnown = enrolments.length > 0 && !isSomeoneElse
  return (
    <>
      {isKnown ? <WelcomeBackForm view={view} key={expectedUserId} /> : <LogInForm view={view} key={expectedUserId} />}
      <nav className={classes.links} aria-label={t('log-in.other-ways')}>
        {enrolments.length > 0 && (
          <button type="button" className={classes.link} onClick={() => setIsSomeoneElse(isKnown)}>
            {t(isKnown ? 'log-in.someone-else' : 'log-in.known-people')}
          </button>
        )}
        {!isOffline(view.server) && (
          <button type="button" className={classes.link} onClick={() => onWay('forgotten')}>
            {t('log-in.forgotten')}
          </button>
        )}
        {view.openClinics.length > 0 && !isOffline(view.server) && (
          <button type="button" className={classes.link} onClick={() => onWay('register')}>
            {t('log-in.register')}
          </button>
        )}
      </nav>
    </>
  )
}
