import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'
import { isOffline, type LogInView, type ServerRefusal } from './log-in-view.ts'

/** Whether the server can be reached, what still works when it cannot, and which server it is where that can be chosen. */
export function ServerState({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const [isChanging, setIsChanging] = useState(false)
  const { onServer } = view
  if (onServer && isChanging) return <ServerForm onServer={onServer} onBack={() => setIsChanging(false)} />
  return (
    <div>
      <Reached view={view} />
      {onServer && (
        <button type="button" className={classes.link} onClick={() => setIsChanging(true)}>
          {t('log-in.server.change')}
        </button>
      )}
    </div>
  )
}

type ServerFormProps = { readonly onServer: NonNullable<LogInView['onServer']>; readonly onBack: () => void }

function ServerForm({ onServer, onBack }: ServerFormProps) {
  const { t } = useTranslation()
  const [address, setAddress] = useState('')
  const [refusal, setRefusal] = useState<ServerRefusal | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setRefusal(await onServer(address.trim()))
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t('log-in.server.address')}
        placeholder={t('log-in.server.address-hint')}
        required
        withAsterisk={false}
        autoFocus
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={refusal && t(`log-in.server.refused.${refusal}`)}
      />
      <div className={classes.buttons}>
        <Button onClick={onBack}>{t('log-in.server.keep')}</Button>
        <Button type="submit">{t('log-in.server.save')}</Button>
      </div>
    </form>
  )
}

function Reached({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const { server, serverName, enrolments } = view
  if (server === 'unknown') return <p className={classes.server} role="status" />
  if (!isOffline(server)) {
    return (
      <p className={classes.server} role="status" data-state="reachable">
        {t('log-in.server.reachable', { server: serverName })}
      </p>
    )
  }
  const help = enrolments.length > 0 ? 'log-in.server.kept' : 'log-in.server.nothing-kept'
  return (
    <p className={classes.server} role="status" data-state="unreachable">
      {t(server === 'no-network' ? 'log-in.server.no-network' : 'log-in.server.unreachable', { server: serverName })}{' '}
      {t(help)}
    </p>
  )
}
