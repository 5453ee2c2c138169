import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { cancelLocally, placeLocally } from '#renderer/local-db/appointments-store.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfDays } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { InboxProps } from './inbox-props.ts'
import { Offers } from './offers.tsx'
import { Side } from './side.tsx'
import classes from './sync-inbox.module.css'

/** A booking that lost its time: what happened, both sides, and ways on. */
export function UnplacedEntry({ appointment, ...props }: InboxProps & { readonly appointment: Appointment }) {
  const { clinic, api } = props
  const { t } = useTranslation()
  const holder = useHolder(appointment)
  const take = async ({ doctorId, start }: Alternative): Promise<void> => {
    const written = await placeLocally(clinic.desk, appointment.id, { doctorId, start })
    if (!written.ok) showProblem(refusalSentence(t, written.reason))
  }
  const drop = async (): Promise<void> => {
    const written = await cancelLocally(clinic.desk, appointment.id, t('inbox.dropped-reason'))
    if (!written.ok) showProblem(refusalSentence(t, written.reason))
  }
  const mayPlace = clinic.may('move-appointment', appointment)
  return (
    <article className={classes.entry}>
      <What clinic={clinic} appointment={appointment} />
      <div className={classes.sides}>
        <Side clinic={clinic} title={t('inbox.not-placed')} appointment={appointment} isWish />
        {holder && <Side clinic={clinic} title={t('inbox.on-schedule')} appointment={holder} />}
      </div>
      {mayPlace && <Offers clinic={clinic} api={api} wanted={appointment} onTake={(time) => void take(time)} />}
      <div className={classes.more}>
        {mayPlace && (
          <Button variant="subtle" onClick={() => props.onChooseOnBoard(appointment)}>
            {t('inbox.choose-on-board')}
          </Button>
        )}
        {clinic.may('cancel-appointment', appointment) && (
          <Button variant="subtle" color="danger" onClick={() => void drop()}>
            {t('inbox.drop')}
          </Button>
        )}
      </div>
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
