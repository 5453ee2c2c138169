import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfDays } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import type { InboxProps } from './inbox-props.ts'
import { LostTime } from './lost-time.tsx'
import { Side } from './side.tsx'
import classes from './sync-inbox.module.css'

/** A booking that lost its time: what happened, both sides, and ways on. */
export function UnplacedEntry({ appointment, ...props }: InboxProps & { readonly appointment: Appointment }) {
  const { clinic } = props
  const { t } = useTranslation()
  const holder = useHolder(appointment)
  return (
    <article className={classes.entry}>
      <What clinic={clinic} appointment={appointment} />
      <div className={classes.sides}>
        <Side clinic={clinic} title={t('inbox.not-placed')} appointment={appointment} isWish />
        {holder && <Side clinic={clinic} title={t('inbox.on-schedule')} appointment={holder} />}
      </div>
      <LostTime
        {...props}
        entryId={appointment.id}
        wanted={appointment}
        reason={appointment.unplaced?.reason ?? ''}
        keepsTime={false}
      >
        {clinic.may('move-appointment', appointment) && (
          <Button variant="subtle" onClick={() => props.onChooseOnBoard(appointment)}>
            {t('inbox.choose-on-board')}
          </Button>
        )}
      </LostTime>
    </article>
  )
}

/** One headline and one sentence in plain words. */
function What({ clinic, appointment }: { readonly clinic: Clinic; readonly appointment: Appointment }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { unplaced, createdByName, createdAt, start, doctorId } = appointment
  const name = usePatientLookup()(appointment.patientId)?.name ?? ''
  const doctor = clinic.doctorOf(doctorId)?.name ?? ''
  const isTaken = unplaced?.reason === 'slot-taken' || unplaced === null
  const headline = isTaken
    ? t('inbox.taken-title', { doctor, time: format.moment(start) })
    : refusalSentence(t, unplaced?.reason ?? '')
  const who = createdByName === clinic.desk.user.name ? 'you' : 'other'
  const booked = t(`inbox.booked-by-${who}`, { who: createdByName, name, time: format.moment(createdAt) })
  const lost = lostSentence()
  return (
    <>
      <h2 className={classes.headline}>{headline}</h2>
      <p className={classes.sentence}>
        {booked} {lost}
      </p>
    </>
  )

  function lostSentence(): string {
    if (!unplaced) return ''
    if (!isTaken) return t('inbox.lost-to-rule', { why: refusalSentence(t, unplaced.reason) })
    if (unplaced.takenBy && unplaced.takenAt !== null) {
      return t('inbox.lost-to-named', { who: unplaced.takenBy, time: format.moment(unplaced.takenAt) })
    }
    return t('inbox.lost')
  }
}

/** Who has the wanted time now, where this person may see it. */
function useHolder(wanted: Appointment): Appointment | undefined {
  const { database } = useLocalDb()
  const { localDay } = wanted
  const day = useRxQuery(useMemo(() => appointmentsOfDays(database, [localDay]), [database, localDay]))
  return day?.find(
    (other) =>
      other.id !== wanted.id &&
      holdsTime(other.status) &&
      overlaps(other, wanted) &&
      (other.doctorId === wanted.doctorId || other.patientId === wanted.patientId),
  )
}
