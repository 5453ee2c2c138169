import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'
import type { LogInView } from './log-in-view.ts'
import { Problem } from './problem.tsx'

/** The password was changed on another device: the one before still opens what is kept here. */
export function PreviousPasswordForm({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const [previous, setPrevious] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    view.onPreviousPassword(previous)
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <p>{t('log-in.password-changed')}</p>
      <PasswordInput
        label={t('log-in.previous-password')}
        required
        withAsterisk={false}
        autoFocus
        value={previous}
        onChange={(event) => setPrevious(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
      <Problem view={view} />
      <Button type="submit" variant="filled" size="sm" fullWidth loading={view.isBusy}>
        {t('log-in.open')}
      </Button>
      <p className={classes.note}>{t('log-in.start-afresh-about')}</p>
      <Button size="sm" fullWidth onClick={() => view.onPreviousPassword(null)}>
        {t('log-in.start-afresh')}
      </Button>
    </form>
  )
}
