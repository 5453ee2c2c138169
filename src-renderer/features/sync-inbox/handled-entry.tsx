import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { HandledEntry } from '#renderer/local-db/handled-entries.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { InboxProps } from './inbox-props.ts'
import { Side } from './side.tsx'
import classes from './sync-inbox.module.css'
import { useRecord } from './use-record.ts'

/** What became of an entry, in one sentence; also what is said aloud when it is done. */
export function useHandledWords(clinic: Clinic): (handled: HandledEntry) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  return ({ way, patientId, start, doctorId }) =>
    t(`inbox.handled.${way}`, {
      name: lookup(patientId ?? ('' as PatientId))?.name ?? t('inbox.a-patient'),
      time: start === null ? '' : format.moment(start),
      doctor: doctorId === null ? '' : (clinic.doctorOf(doctorId)?.name ?? ''),
    })
}

/** An entry that was dealt with today, and the visit as it stands since. */
export function DoneEntry({ handled, clinic, onShowOnBoard }: InboxProps & { readonly handled: HandledEntry }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useHandledWords(clinic)
  const visit = useRecord(handled.visitId === null ? null : 'appointments', handled.visitId ?? '')
  return (
    <article className={classes.entry}>
      <h2 className={classes.headline}>{words(handled)}</h2>
      <p className={classes.sentence}>{t('inbox.handled-at', { time: format.time(handled.at) })}</p>
      {visit && (
        <>
          <div className={classes.sides}>
            <Side clinic={clinic} title={t('inbox.as-it-stands')} appointment={visit} />
          </div>
          <div className={classes.more}>
            <Button onClick={() => onShowOnBoard(visit)}>{t('inbox.show-on-board')}</Button>
          </div>
        </>
      )}
    </article>
  )
}
