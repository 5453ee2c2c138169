import { CloseButton } from '@mantine/core'
import type { TFunction } from 'i18next'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import { PatientFacts } from '#renderer/clinic/patient-facts.tsx'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import type { SeriesOf } from '#renderer/clinic/use-series-of.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfPatient } from '#renderer/local-db/queries.ts'
import { useOpened } from '#renderer/local-db/use-opened.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import classes from './appointment-details.module.css'
import type { DetailsProps } from './details-props.ts'
import { StepButtons } from './step-buttons.tsx'

/** One visit: who, when, what for, what comes next, and the patient's other visits. */
export function AppointmentDetails(props: DetailsProps) {
  const { clinic, appointment, form } = props
  const { t } = useTranslation()
  const patient = usePatientLookup()(appointment.patientId)
  useHotkeys([{ keys: 'Escape', run: props.onClose }])
  useOpened('appointments', appointment.id)
  return (
    <article className={classes.details} aria-label={t('details.title')}>
      <header className={classes.head}>
        <h2 className={classes.name}>
          <bdi>{patient?.name ?? '…'}</bdi>
        </h2>
        <CloseButton size="sm" onClick={props.onClose} aria-label={t('panel.close')} />
        {patient && <PatientFacts patient={patient} />}
        {patient?.alerts.map((alert) => (
          <p key={alert} className={classes.alert}>
            {alert}
          </p>
        ))}
      </header>
      <Visit clinic={clinic} appointment={appointment} series={props.series} />
      {form ?? <StepButtons {...props} />}
      <OtherVisits {...props} />
    </article>
  )
}

function Visit({ clinic, appointment, series }: Pick<DetailsProps, 'clinic' | 'appointment' | 'series'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const type = clinic.typeOf(appointment.typeId)
  const doctor = clinic.doctorOf(appointment.doctorId)
  const { start, end, localDay, reason, note, cancelReason, overbookReason, createdByName } = appointment
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [t('details.status'), <StatusBadge key="status" look={lookOf(appointment)} />],
    [
      t('details.when'),
      <bdi key="when" className="tabular">
        {format.day(localDay)}, {format.time(start)}–{format.time(end)}
      </bdi>,
    ],
    [t('details.doctor'), <bdi key="doctor">{[doctor?.name, doctor?.room].filter(Boolean).join(' · ')}</bdi>],
    [t('details.type'), `${type?.name ?? ''} · ${t('minutes', { count: minutesBetween(start, end) })}`],
    [t('details.series'), series ? seriesWords(t, series) : ''],
    [t('details.reason'), reason],
    [t('details.note'), note],
    [t('details.overbooked'), overbookReason],
    [t('details.cancel-reason'), cancelReason],
    [t('details.booked-by'), createdByName],
  ]
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <div key={label} className={classes.fact}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** Without the server nobody knows how many there are beyond the days of this computer. */
const seriesWords = (t: TFunction, { place, count, isWhole }: SeriesOf): string =>
  isWhole ? t('details.series-place', { place, total: count }) : t('details.series-part')

const SHOWN_VISITS = 6

/** The visits nearest in time, then in the order of the calendar. */
function nearestFirst(visits: readonly Appointment[], to: number): readonly Appointment[] {
  const nearest = visits.toSorted((a, b) => Math.abs(a.start - to) - Math.abs(b.start - to))
  return [...nearest.slice(0, SHOWN_VISITS).toSorted((a, b) => a.start - b.start), ...nearest.slice(SHOWN_VISITS)]
}

function OtherVisits({ clinic, appointment, onOpen }: DetailsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { database } = useLocalDb()
  const { patientId, id } = appointment
  const all = useRxQuery(useMemo(() => appointmentsOfPatient(database, patientId), [database, patientId])) ?? []
  const others = nearestFirst(
    all.filter((one) => one.id !== id),
    appointment.start,
  )
  if (others.length === 0) return null
  return (
    <section className={classes.others} aria-label={t('details.other-visits')}>
      <h3 className={classes.subtitle}>{t('details.other-visits')}</h3>
      {others.slice(0, SHOWN_VISITS).map((visit) => (
        <button key={visit.id} type="button" className={classes.other} onClick={() => onOpen(visit)}>
          <time className="tabular">{format.moment(visit.start)}</time>
          <bdi className={classes.otherDoctor}>{clinic.doctorOf(visit.doctorId)?.name}</bdi>
          <StatusBadge look={lookOf(visit)} />
        </button>
      ))}
      {others.length > SHOWN_VISITS && (
        <p className={classes.more}>{t('details.more-visits', { count: others.length - SHOWN_VISITS })}</p>
      )}
    </section>
  )
}
