import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { Host } from './desk-parts.ts'
import classes from './notices.module.css'

/** One line under the header when the state of things needs more than a pill. */
export function Notices({ host }: { readonly host: Host }) {
  const { t } = useTranslation()
  const { phase } = useSyncStatus().connection
  if (phase === 'unauthenticated') return <Renew host={host} />
  if (phase === 'revoked' || phase === 'upgrade-required') return <Line text={t(`banner.${phase}`)} />
  if (phase === 'offline' && !host.session.isKept) return <Line text={t('banner.not-kept')} />
  return null
}

const Line = ({ text }: { readonly text: string }) => (
  <p className={classes.notice} role="status">
    {text}
  </p>
)

/** The server ended the session while the data is open: a password takes it up again. */
function Renew({ host }: { readonly host: Host }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [hasFailed, setHasFailed] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setIsBusy(true)
    setHasFailed(!(await host.onRenew(password)))
    setIsBusy(false)
  }
  return (
    <form className={classes.notice} onSubmit={submit} role="status">
      <span>{t(hasFailed ? 'banner.renew-failed' : 'banner.renew')}</span>
      <PasswordInput
        size="xs"
        className={classes.password}
        aria-label={t('log-in.password')}
        placeholder={t('log-in.password')}
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
      <Button type="submit" loading={isBusy}>
        {t('banner.renew-button')}
      </Button>
    </form>
  )
}
