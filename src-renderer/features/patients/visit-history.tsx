import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { countNoShows } from '#domain/appointment/patient-history.ts'
import type { PatientId } from '#domain/ids.ts'
import { reachOf, WINDOW_DAYS, windowOf } from '#domain/sync/window.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientVisits } from '#renderer/clinic/use-patient-visits.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import classes from './patients.module.css'

type HistoryProps = {
  readonly clinic: Clinic
  readonly api: Pick<ServerApi, 'listAppointments'>
  readonly patientId: PatientId
  readonly onVisit: (visit: Appointment) => void
}

/** As far back as the server is asked for one patient. */
const YEARS_BACK_DAYS = 3_600

/** Visits ahead and past, the nearest first: those on this computer at once, older ones when they are asked for. */
export function VisitHistory({ clinic, api, patientId, onVisit }: HistoryProps) {
  const { t } = useTranslation()
  const visits = usePatientVisits(patientId)
  const now = clinic.desk.now()
  const older = useOlderVisits(clinic, api, patientId)
  const ahead = visits.filter(({ end }) => end > now)
  const past = visits.filter(({ end }) => end <= now).toReversed()
  const known = [...past, ...(older.visits ?? [])]
  const missed = countNoShows(known)
  return (
    <section className={classes.section} aria-labelledby="patients-visits">
      <h3 id="patients-visits">{t('patients.visits')}</h3>
      <p className={missed > 0 ? classes.missed : classes.quiet}>
        {older.visits === null
          ? t('patients.no-shows-recent', { count: missed, days: WINDOW_DAYS.past })
          : t('patients.no-shows', { count: missed })}
      </p>
      <VisitList title={t('patients.ahead')} clinic={clinic} visits={ahead} onVisit={onVisit} />
      <VisitList title={t('patients.past')} clinic={clinic} visits={known} onVisit={onVisit} />
      {older.visits === null && <OlderButton older={older} />}
    </section>
  )
}

type Older = {
  /** Null until they are here. */
  readonly visits: readonly Appointment[] | null
  readonly problem: string | null
  readonly load: () => Promise<void>
}

/** What lies before the days on this computer; only the server has it. */
function useOlderVisits({ desk, zone }: Clinic, api: HistoryProps['api'], patientId: PatientId): Older {
  const { t } = useTranslation()
  const [visits, setVisits] = useState<readonly Appointment[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const load = async (): Promise<void> => {
    const to = addDays(windowOf(localDayOf(desk.now(), zone)).from, -1)
    const answer = await api.listAppointments({ from: addDays(to, -YEARS_BACK_DAYS), to, patientId })
    setProblem(answer.ok ? null : answer.kind === 'offline' ? t('patients.older-offline') : answer.message)
    if (answer.ok) setVisits(answer.value.toReversed())
  }
  return { visits, problem, load }
}

function OlderButton({ older }: { readonly older: Older }) {
  const { t } = useTranslation()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  if (!isOnline) return <p className={classes.quiet}>{t('patients.older-offline')}</p>
  return (
    <>
      <p className={classes.quiet}>{t('patients.older-about', { count: WINDOW_DAYS.past })}</p>
      <div>
        <Button onClick={() => void older.load()}>{t('patients.older')}</Button>
      </div>
      <div role="alert">{older.problem && <p className={classes.problem}>{older.problem}</p>}</div>
    </>
  )
}

type ListProps = {
  readonly title: string
  readonly clinic: Clinic
  readonly visits: readonly Appointment[]
  /** Shows a visit on the board, where the board has its day. */
  readonly onVisit: (visit: Appointment) => void
}

function VisitList({ title, clinic, visits, onVisit }: ListProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const today = localDayOf(clinic.desk.now(), clinic.zone)
  return (
    <>
      <h4 className={classes.subtitle}>{title}</h4>
      {visits.length === 0 && <p className={classes.quiet}>{t('patients.none')}</p>}
      <ul className={classes.visits}>
        {visits.map((visit) => {
          const words = (
            <>
              <time className="tabular">
                {format.birthDate(visit.localDay)} {visit.localStart}
              </time>
              <bdi className={classes.visitWhat}>
                {[clinic.typeOf(visit.typeId)?.name, clinic.doctorOf(visit.doctorId)?.name].filter(Boolean).join(' · ')}
              </bdi>
              <StatusBadge look={lookOf(visit)} />
            </>
          )
          return (
            <li key={visit.id}>
              {reachOf(visit.localDay, today) === 'held' ? (
                <button type="button" className={classes.visit} onClick={() => onVisit(visit)}>
                  {words}
                </button>
              ) : (
                <div className={classes.visit}>{words}</div>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
