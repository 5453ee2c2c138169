import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'
import { isOffline, type LogInView } from './log-in-view.ts'

/** Whether the server can be reached, and what still works when it cannot. */
export function ServerState({ view }: { readonly view: LogInView }) {
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
