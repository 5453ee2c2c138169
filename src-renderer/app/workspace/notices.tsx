import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Renewal } from '#renderer/app/session/renewal.ts'
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
  const [code, setCode] = useState('')
  const [last, setLast] = useState<Renewal | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const needsCode = last === 'needs-code' || last === 'wrong-code'
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setIsBusy(true)
    setLast(await host.onRenew(password, needsCode ? code : undefined))
    setIsBusy(false)
  }
  return (
    <form className={classes.notice} onSubmit={submit} role="status">
      <span>{t(`banner.renew-${last === null || last === 'in' ? 'asked' : last}`)}</span>
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
      {needsCode && (
        <TextInput
          size="xs"
          className={classes.password}
          aria-label={t('factor.code')}
          placeholder={t('factor.code')}
          autoComplete="one-time-code"
          required
          autoFocus
          dir="ltr"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      )}
      <Button type="submit" loading={isBusy}>
        {t('banner.renew-button')}
      </Button>
    </form>
  )
}
