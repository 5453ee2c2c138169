import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { isInRoom } from '#domain/appointment/own-day.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import { PatientFacts } from '#renderer/clinic/patient-facts.tsx'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfPatient } from '#renderer/local-db/queries.ts'
import { useOpened } from '#renderer/local-db/use-opened.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './my-day.module.css'
import type { MyDayProps } from './my-day-props.ts'
import { SeeAgain } from './see-again.tsx'
import { canStart } from './use-my-day.ts'
import { Wait } from './visit-list.tsx'
import { VisitNote } from './visit-note.tsx'

type CardProps = MyDayProps & { readonly visit: Appointment }

/** Who is next or chosen: what a doctor wants to know before the door opens, and what happens then. */
export function PatientCard(props: CardProps) {
  const { clinic, visit } = props
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(visit.patientId)
  useOpened('appointments', visit.id)
  const type = clinic.typeOf(visit.typeId)
  return (
    <article className={classes.card} aria-label={t('my-day.patient')}>
      <header className={classes.head}>
        <p className={classes.over}>
          <bdi className="tabular">
            {format.time(visit.start)}–{format.time(visit.end)}
          </bdi>
          <StatusBadge look={lookOf(visit)} />
          {isInRoom(visit) && visit.startedAt !== null && (
            <span>{t('my-day.since', { time: format.time(visit.startedAt) })}</span>
          )}
          <Wait visit={visit} />
        </p>
        <h2 className={classes.title}>
          <bdi className={classes.secret}>{patient?.name ?? t('my-day.no-name')}</bdi>
        </h2>
        <div className={classes.secret}>{patient && <PatientFacts patient={patient} />}</div>
        {patient?.alerts.map((alert) => (
          <p key={alert} className={classes.alert}>
            {alert}
          </p>
        ))}
      </header>
      <dl className={classes.facts}>
        <dt>{t('details.type')}</dt>
        <dd>
          {type?.name} · {t('minutes', { count: minutesBetween(visit.start, visit.end) })}
        </dd>
        {visit.reason !== '' && (
          <>
            <dt>{t('details.reason')}</dt>
            <dd>{visit.reason}</dd>
          </>
        )}
      </dl>
      <Buttons {...props} />
      <VisitNote clinic={clinic} visit={visit} />
      <SeeAgain clinic={clinic} visit={visit} />
      <Before clinic={clinic} visit={visit} />
    </article>
  )
}

function Buttons({ steps, visit, onStart, onFinish, onBoard }: CardProps) {
  const { t } = useTranslation()
  const { steps: offered, undo } = steps.stepsOf(visit)
  const isStartable = canStart(steps, visit)
  return (
    <div className={classes.buttons}>
      {isStartable && (
        <Button variant="filled" rightSection={<KeyHint keys="s" />} onClick={onStart}>
          {t('my-day.start')}
        </Button>
      )}
      {offered.includes('done') && (
        <Button variant={isStartable ? 'default' : 'filled'} rightSection={<KeyHint keys="f" />} onClick={onFinish}>
          {t('my-day.finish')}
        </Button>
      )}
      {offered.includes('no-show') && (
        <Button rightSection={<KeyHint keys="n" />} onClick={() => void steps.take(visit, 'no-show')}>
          {t('step.no-show')}
        </Button>
      )}
      {undo && (
        <Button rightSection={<KeyHint keys="u" />} onClick={() => void steps.takeBack(visit)}>
          {t('my-day.take-back')}
        </Button>
      )}
      <Button variant="subtle" onClick={() => onBoard(visit)}>
        {t('my-day.on-board')}
      </Button>
    </div>
  )
}

const SHOWN_BEFORE = 3

/** The patient's last visits here, with what was noted then. */
function Before({ clinic, visit }: { readonly clinic: Clinic; readonly visit: Appointment }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { database } = useLocalDb()
  const { patientId } = visit
  const all = useRxQuery(useMemo(() => appointmentsOfPatient(database, patientId), [database, patientId])) ?? []
  const before = all
    .filter(({ start, status }) => start < visit.start && status === 'fulfilled')
    .toSorted((a, b) => b.start - a.start)
    .slice(0, SHOWN_BEFORE)
  if (before.length === 0) return null
  return (
    <section className={classes.before} aria-label={t('my-day.before')}>
      <h3>{t('my-day.before')}</h3>
      <ul>
        {before.map((one) => (
          <li key={one.id}>
            <time className="tabular">{format.day(one.localDay)}</time>
            <span>{[clinic.typeOf(one.typeId)?.name, one.reason].filter(Boolean).join(' · ')}</span>
            {one.note !== '' && <p>{one.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}
