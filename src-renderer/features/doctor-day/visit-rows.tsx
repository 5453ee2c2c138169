import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Alternative } from '#domain/api/appointment-api.ts'
import { CALL_OFF, LEAVE, type PlannedChange } from '#domain/appointment/day-plan.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import classes from './doctor-day.module.css'
import type { DayChange } from './use-day-change.ts'

type RowsProps = { readonly clinic: Clinic; readonly change: DayChange }

/** Every visit of the day with what becomes of it. */
export function VisitRows({ clinic, change }: RowsProps) {
  const { t } = useTranslation()
  return (
    <ul className={classes.visits} aria-label={t('doctor-day.visits')}>
      {change.plan.map((planned) => (
        <Row key={planned.visit.id} clinic={clinic} change={change} planned={planned} />
      ))}
    </ul>
  )
}

const keyOf = (place: Pick<Alternative, 'doctorId' | 'start'>): string => `${place.doctorId}@${place.start}`

function Row({ clinic, change, planned }: RowsProps & { readonly planned: PlannedChange }) {
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(planned.visit.patientId)
  const { visit, choice, open } = planned
  const refusal = change.refusals.get(visit.id)
  const name = patient?.name ?? '…'
  const isSameDay = (place: Alternative): boolean => localDayOf(place.start, clinic.zone) === visit.localDay
  const labelOf = (place: Alternative): string =>
    `${isSameDay(place) ? format.time(place.start) : format.moment(place.start)} ${clinic.doctorOf(place.doctorId)?.name ?? ''}`
  // What is chosen stays to be seen, also where the first few are others.
  const shown =
    typeof choice === 'object' && !open.some((place) => keyOf(place) === keyOf(choice)) ? [choice, ...open] : open
  return (
    <li className={classes.visit} data-moved={typeof choice === 'object' || undefined}>
      <span className={classes.who}>
        <time className={classes.time}>{format.time(visit.start)}</time> <bdi>{name}</bdi>
      </span>
      <NativeSelect
        size="xs"
        aria-label={t('doctor-day.becomes', { name, time: format.time(visit.start) })}
        value={typeof choice === 'object' ? keyOf(choice) : choice}
        data={[
          ...shown.map((place) => ({ value: keyOf(place), label: labelOf(place) })),
          { value: CALL_OFF, label: t('doctor-day.call-off') },
          { value: LEAVE, label: t('doctor-day.leave') },
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget
          const place = shown.find((each) => keyOf(each) === value)
          change.choose(visit.id, place ?? (value === LEAVE ? LEAVE : CALL_OFF))
        }}
      />
      {refusal !== undefined && (
        <span className={classes.warning} role="alert">
          {refusalSentence(t, refusal)}
        </span>
      )}
    </li>
  )
}
