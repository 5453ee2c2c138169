import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'
import { isOffline, type LogInView } from './log-in-view.ts'
import { OwnDeviceQuestion } from './own-device-question.tsx'
import { Problem } from './problem.tsx'

/** E-mail, password, and whether the device is one's own. */
export function LogInForm({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [isOwn, setIsOwn] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    view.onSignIn(email, password, view.asksOwnDevice ? isOwn : undefined)
  }
  const isHopeless = isOffline(view.server) && view.enrolments.length === 0
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t('log-in.email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('log-in.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
      {view.asksOwnDevice && <OwnDeviceQuestion isOwn={isOwn} onAnswer={setIsOwn} />}
      <Problem view={view} />
      <Button type="submit" variant="filled" size="sm" fullWidth loading={view.isBusy} disabled={isHopeless}>
        {t('log-in.button')}
      </Button>
    </form>
  )
}
