import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '#renderer/clinic/format.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import type { UnsentChange } from '#renderer/clinic/use-unsent-changes.ts'
import { isKeptHere } from '#renderer/local-db/allotments.ts'
import { useLocalDb, useOwnLeases, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { InboxProps } from './inbox-props.ts'
import { Side } from './side.tsx'
import classes from './sync-inbox.module.css'

/** Something done here that the server has not got yet. */
export function UnsentEntry({ change, clinic, onShowOnBoard }: InboxProps & { readonly change: UnsentChange }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { sync } = useLocalDb()
  const { connection } = useSyncStatus()
  const isOffline = connection.phase === 'offline'
  const isNew = change.kind === 'appointment' && change.appointment.revision === 0
  const leases = useOwnLeases()
  const isKept = change.kind === 'appointment' && isKeptHere(change.appointment, leases, clinic.typeOf)
  const why = isOffline
    ? t('inbox.waits-offline', {
        time: format.time(connection.since),
        why: t(`sync.why.${connection.reason ?? 'server-unreachable'}`),
      })
    : t('inbox.waits')
  return (
    <article className={classes.entry}>
      <h2 className={classes.headline}>{t(isNew ? 'inbox.kept-booking' : 'inbox.kept-change')}</h2>
      <p className={classes.sentence}>
        {why} {isNew && t(isKept ? 'inbox.final' : 'inbox.provisional')}
      </p>
      <div className={classes.sides}>
        {change.kind === 'appointment' ? (
          <Side clinic={clinic} title={t('inbox.here')} appointment={change.appointment} />
        ) : (
          <section className={classes.side} aria-label={t('inbox.here')}>
            <h3>{t('inbox.here')}</h3>
            <PatientRow patient={change.patient} />
          </section>
        )}
      </div>
      <div className={classes.more}>
        {isOffline && <Button onClick={sync.kick}>{t('inbox.try-now')}</Button>}
        {change.kind === 'appointment' && (
          <Button variant="subtle" onClick={() => onShowOnBoard(change.appointment)}>
            {t('inbox.show-on-board')}
          </Button>
        )}
      </div>
    </article>
  )
}
