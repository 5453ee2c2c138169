import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Entrance } from '#renderer/ui/parts/entrance.tsx'
import { LogInForm } from './log-in-form.tsx'
import classes from './log-in-screen.module.css'
import type { LogInView } from './log-in-view.ts'
import { PreviousPasswordForm } from './previous-password-form.tsx'
import { ServerState } from './server-state.tsx'
import { WelcomeBackForm } from './welcome-back-form.tsx'

const LOOK_EVERY_MS = 5_000

/** The way in: for someone new to this device, for someone whose data is kept here, and without the server. */
export function LogInScreen({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const { enrolments, expectedUserId } = view
  const [isSomeoneElse, setIsSomeoneElse] = useState(false)
  const { onLook } = view
  useEffect(() => {
    const timer = setInterval(onLook, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [onLook])
  const isKnown = enrolments.length > 0 && !isSomeoneElse
  return (
    <Entrance title={t('app-name')}>
      <Form view={view} isKnown={isKnown} key={expectedUserId} />
      {enrolments.length > 0 && !view.needsPreviousPassword && (
        <button type="button" className={classes.link} onClick={() => setIsSomeoneElse(isKnown)}>
          {t(isKnown ? 'log-in.someone-else' : 'log-in.known-people')}
        </button>
      )}
      <ServerState view={view} />
    </Entrance>
  )
}

function Form({ view, isKnown }: { readonly view: LogInView; readonly isKnown: boolean }) {
  if (view.needsPreviousPassword) return <PreviousPasswordForm view={view} />
  return isKnown ? <WelcomeBackForm view={view} /> : <LogInForm view={view} />
}
