import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { isTooLateToChange } from '#domain/appointment/self-service.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { CancelQuestion } from './cancel-question.tsx'
import classes from './own-visits.module.css'
import type { OwnVisitsProps } from './visits-props.ts'

export const articleOf = (id: AppointmentId): string => `visit-${id}`

type VisitProps = OwnVisitsProps & {
  readonly visit: Appointment
  readonly isAhead: boolean
  readonly isOffline: boolean
  readonly now: Instant
}

/** One visit, and what its patient can still do about it. */
export function OwnVisit({ isAhead, ...props }: VisitProps) {
  const { visit, clinic } = props
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(visit.patientId)
  const isForOther = clinic.subject.patientIds.length > 1
  const isOpen = isAhead && (visit.status === 'pending' || visit.status === 'confirmed')
  return (
    <article className={classes.visit} id={articleOf(visit.id)} tabIndex={-1}>
      <div className={classes.row}>
        <time className={classes.when}>
          <strong>{format.day(visit.localDay)}</strong>
          <span>{format.time(visit.start)}</span>
        </time>
        <div className={classes.words}>
          <p className={classes.what}>
            {clinic.typeOf(visit.typeId)?.name} · {t('minutes', { count: minutesBetween(visit.start, visit.end) })}
          </p>
          <p className={classes.quiet}>
            <bdi>{clinic.doctorOf(visit.doctorId)?.name}</bdi>
          </p>
          {isForOther && patient && (
            <p className={classes.quiet}>
              {t('own-visits.for')} <bdi>{patient.name}</bdi>
            </p>
          )}
        </div>
        <StatusBadge look={lookOf(visit)} {...(visit.status === 'pending' && { word: t('own-visits.requested') })} />
      </div>
      {isOpen && <Choices {...props} />}
    </article>
  )
}

function Choices(props: Omit<VisitProps, 'isAhead'>) {
  const { visit, clinic, api, phone, cutoffMinutes, isOffline, now, onMove, onSave } = props
  const { t } = useTranslation()
  const [isAsking, setIsAsking] = useState(false)
  const typeMinutes = clinic.typeOf(visit.typeId)?.changeCutoffMinutes ?? 0
  const isLate = isTooLateToChange(visit.start, { clinicMinutes: cutoffMinutes, typeMinutes }, now)
  if (isAsking) {
    return <CancelQuestion visit={visit} api={api} phone={phone} onClose={() => setIsAsking(false)} />
  }
  const may = (permission: 'move-appointment' | 'cancel-appointment') => !isLate && clinic.may(permission, visit)
  return (
    <div className={classes.buttons}>
      {isLate && <Late phone={phone} />}
      <Button onClick={() => onSave(visit)}>{t('own-visits.to-calendar')}</Button>
      {may('move-appointment') && (
        <Button disabled={isOffline} onClick={() => onMove(visit)}>
          {t('own-visits.move')}
        </Button>
      )}
      {may('cancel-appointment') && (
        <Button disabled={isOffline} onClick={() => setIsAsking(true)}>
          {t('own-visits.cancel')}
        </Button>
      )}
    </div>
  )
}

/** The clinic has begun to count on the visit: from now on people speak with each other. */
function Late({ phone }: { readonly phone: string }) {
  const { t } = useTranslation()
  return (
    <p className={classes.late}>
      {t('own-visits.late')}{' '}
      {phone !== '' && (
        <a href={`tel:${phone.replace(/[^+\d]/g, '')}`} className={classes.phone}>
          <bdi dir="ltr">{phone}</bdi>
        </a>
      )}
    </p>
  )
}
