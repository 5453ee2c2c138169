import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { type ParkedWish, readParkedChange } from '#renderer/clinic/parked-wish.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { discardParked, type ParkedChange, retryParked } from '#renderer/local-db/parked-changes.ts'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { InboxProps } from './inbox-props.ts'
import { Side } from './side.tsx'
import classes from './sync-inbox.module.css'

/** A change the server could not take however often it was sent: kept here until it is sent with success or discarded. */
export function ParkedEntry({ change, clinic, onShowOnBoard }: InboxProps & { readonly change: ParkedChange }) {
  const { t } = useTranslation()
  const format = useFormat()
  const wish = useMemo(() => readParkedChange(change), [change])
  const current = useCurrent(change)
  const { message, reason, isAgain, at } = change
  return (
    <article className={classes.entry}>
      <h2 className={classes.headline}>{t(`inbox.parked-${wish.kind}`)}</h2>
      <p className={classes.sentence}>
        {t(isAgain ? 'inbox.parked-again' : `inbox.parked-why.${reason}`, { time: format.moment(at) })}{' '}
        {t('inbox.parked-kept')}
      </p>
      {message !== '' && <p className={classes.quiet}>{t('inbox.parked-message', { message })}</p>}
      <div className={classes.sides}>
        <Wanted clinic={clinic} wish={wish} />
        {current && <Side clinic={clinic} title={t('inbox.as-it-stands')} appointment={current} />}
      </div>
      <Ways change={change} text={copyOf(change)} />
      {current && (
        <div className={classes.more}>
          <Button variant="subtle" onClick={() => onShowOnBoard(current)}>
            {t('inbox.show-on-board')}
          </Button>
        </div>
      )}
    </article>
  )
}

function Wanted({ clinic, wish }: { readonly clinic: Clinic; readonly wish: ParkedWish }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (wish.kind === 'appointment') return <Side clinic={clinic} title={t('inbox.wanted')} appointment={wish.wanted} />
  return (
    <section className={classes.side} aria-label={t('inbox.wanted')}>
      <h3>{t('inbox.wanted')}</h3>
      {wish.kind === 'patient' && <PatientRow patient={wish.wanted} />}
      {wish.kind === 'schedule' && (
        <p>
          <bdi>{clinic.doctorOf(wish.wanted.doctorId)?.name}</bdi> · <bdi>{format.day(wish.wanted.date)}</bdi>{' '}
          <bdi className="tabular">
            {wish.wanted.startTime}–{wish.wanted.endTime}
          </bdi>
        </p>
      )}
    </section>
  )
}

/** Once more, a copy, or away with it: the last only when it is asked for twice. */
function Ways({ change, text }: { readonly change: ParkedChange; readonly text: string }) {
  const { t } = useTranslation()
  const { database } = useLocalDb()
  const [isDiscarding, setIsDiscarding] = useState(false)
  const [isCopied, setIsCopied] = useState(false)
  const retry = async (): Promise<void> => {
    if ((await retryParked(database, change.id)) === 'superseded') showProblem(t('inbox.parked-superseded'))
  }
  const copy = (): Promise<void> => navigator.clipboard.writeText(text).then(() => setIsCopied(true))
  if (isDiscarding) {
    return (
      <div className={classes.more}>
        <p className={classes.sure}>{t('inbox.parked-discard-ask')}</p>
        <Button onClick={() => setIsDiscarding(false)} data-autofocus>
          {t('inbox.parked-keep')}
        </Button>
        <Button variant="filled" color="danger" onClick={() => void discardParked(database, change.id)}>
          {t('inbox.parked-discard-now')}
        </Button>
      </div>
    )
  }
  return (
    <div className={classes.more}>
      <Button variant="filled" onClick={() => void retry()}>
        {t('inbox.parked-retry')}
      </Button>
      <Button onClick={() => void copy()}>{t(isCopied ? 'inbox.parked-copied' : 'inbox.parked-copy')}</Button>
      <Button variant="subtle" color="danger" onClick={() => setIsDiscarding(true)}>
        {t('inbox.parked-discard')}
      </Button>
    </div>
  )
}

/** The change as text, for a message to whoever looks after the server. */
const copyOf = ({ collection, row, reason, message }: ParkedChange): string =>
  JSON.stringify(
    { collection, reason, message, wanted: row.newDocumentState, base: row.assumedMasterState ?? null },
    null,
    2,
  )

/** The visit as it stands here now. */
function useCurrent({ collection, row }: ParkedChange) {
  const { database } = useLocalDb()
  const { id } = row.newDocumentState
  const query = useMemo(
    () => (collection === 'appointments' ? find(database, 'appointments', { id: id as AppointmentId }) : null),
    [database, collection, id],
  )
  return useRxQuery(query)?.[0]
}
