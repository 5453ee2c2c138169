import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import { moveLocally } from '#renderer/local-db/appointments-store.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { dismissRejection } from '#renderer/local-db/patients-store.ts'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { InboxProps } from './inbox-props.ts'
import { Offers } from './offers.tsx'
import { type RefusedWish, readRefused } from './refused-change.ts'
import { Side } from './side.tsx'
import classes from './sync-inbox.module.css'

/** A change the server did not take: what was wanted, what stands instead, and what can be done. */
export function RefusedEntry({ change, ...props }: InboxProps & { readonly change: RejectedChange }) {
  const { clinic, api } = props
  const { t } = useTranslation()
  const wish = useMemo(() => readRefused(change), [change])
  const current = useCurrent(change)
  const dismiss = (): Promise<void> => dismissRejection(clinic.desk, change.id)
  const take = async ({ doctorId, start }: Alternative): Promise<void> => {
    const written = await moveLocally(clinic.desk, change.documentId as AppointmentId, { doctorId, start })
    if (written.ok) await dismiss()
    else showProblem(refusalSentence(t, written.reason))
  }
  const canOffer = wish.kind === 'move' && current !== undefined && clinic.may('move-appointment', current)
  return (
    <article className={classes.entry}>
      <What change={change} wish={wish} />
      <div className={classes.sides}>
        {wish.kind !== 'other' && <Side clinic={clinic} title={t('inbox.wanted')} appointment={wish.wanted} isWish />}
        {current && <Side clinic={clinic} title={t('inbox.as-it-stands')} appointment={current} />}
      </div>
      {canOffer && <Offers clinic={clinic} api={api} wanted={wish.wanted} onTake={(time) => void take(time)} />}
      <div className={classes.more}>
        {current && (
          <Button variant="subtle" onClick={() => props.onShowOnBoard(current)}>
            {t('inbox.show-on-board')}
          </Button>
        )}
        <Button variant={canOffer ? 'subtle' : 'filled'} onClick={() => void dismiss()}>
          {t('inbox.dismiss')}
        </Button>
      </div>
    </article>
  )
}

function What({ change, wish }: { readonly change: RejectedChange; readonly wish: RefusedWish }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const name = wish.kind === 'other' ? '' : (lookup(wish.wanted.patientId)?.name ?? '')
  const headline =
    wish.kind === 'move'
      ? t('inbox.move-refused-title', { name, time: format.moment(wish.wanted.start) })
      : t('inbox.refused-title', { name: name || t('inbox.a-patient') })
  const why = refusalSentence(t, change.reason)
  const taken =
    change.takenBy && change.takenAt !== null
      ? t('inbox.taken-by', { who: change.takenBy, time: format.moment(change.takenAt) })
      : ''
  const stays =
    wish.kind === 'move'
      ? t('inbox.keeps-time', { time: format.moment(wish.before.start) })
      : t('inbox.nothing-changed')
  return (
    <>
      <h2 className={classes.headline}>{headline}</h2>
      <p className={classes.sentence}>{[`${why}.`, taken, stays].filter(Boolean).join(' ')}</p>
    </>
  )
}

/** The visit as everybody sees it now. */
function useCurrent({ collectionName, documentId }: RejectedChange): Appointment | undefined {
  const { database } = useLocalDb()
  const query = useMemo(
    () =>
      collectionName === 'appointments' ? find(database, 'appointments', { id: documentId as AppointmentId }) : null,
    [database, collectionName, documentId],
  )
  return useRxQuery(query)?.[0]
}
