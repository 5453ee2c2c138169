import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'
import { isOffline, type LogInView } from './log-in-view.ts'
import { Problem } from './problem.tsx'

/** Whose data is kept here; the password opens it, with or without the server. */
export function WelcomeBackForm({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const { enrolments, expectedUserId, server } = view
  const [userId, setUserId] = useState(expectedUserId ?? enrolments[0]?.userId ?? '')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    view.onUnlock(userId, password)
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <fieldset className={classes.people}>
        <legend>{t('log-in.who')}</legend>
        {enrolments.map((person) => (
          <label key={person.userId} className={classes.person} data-chosen={person.userId === userId || undefined}>
            <input
              type="radio"
              name="person"
              value={person.login}
              checked={person.userId === userId}
              onChange={() => setUserId(person.userId)}
            />
            <bdi>{person.login}</bdi>
          </label>
        ))}
      </fieldset>
      {isOffline(server) && <p className={classes.note}>{t('log-in.opens-here')}</p>}
      <PasswordInput
        label={t('log-in.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
      <Problem view={view} />
      <Button type="submit" variant="filled" size="sm" fullWidth loading={view.isBusy}>
        {t(isOffline(server) ? 'log-in.open' : 'log-in.button')}
      </Button>
    </form>
  )
}
