import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BrandMark } from '#renderer/ui/parts/brand-mark.tsx'
import classes from './lock-screen.module.css'

type LockProps = {
  readonly name: string
  readonly clinicName: string
  /** Changes not yet with the server; they go on being sent while the screen is locked. */
  readonly waiting: number
  readonly isBusy: boolean
  readonly problem: 'wrong-password-here' | 'wrong-credentials' | 'server-needed' | null
  readonly onOpen: (password: string) => void
}

/** Nothing of a patient is on this screen, nor in memory behind it. */
export function LockScreen({ name, clinicName, waiting, isBusy, problem, onOpen }: LockProps) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onOpen(password)
  }
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit}>
        <BrandMark size={32} />
        <h1 className={classes.name}>
          <bdi>{name}</bdi>
        </h1>
        <p className={classes.about}>
          <bdi>{clinicName}</bdi> · {t('lock.locked')}
          {waiting > 0 && ` · ${t('sync.to-send', { count: waiting })}`}
        </p>
        <PasswordInput
          aria-label={t('log-in.password')}
          placeholder={t('log-in.password')}
          autoComplete="current-password"
          required
          autoFocus
          className={classes.field}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problem && t(`log-in.problems.${problem}`)}
          visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
        />
        <Button type="submit" variant="filled" size="sm" fullWidth loading={isBusy}>
          {t('lock.open')}
        </Button>
      </form>
    </main>
  )
}
