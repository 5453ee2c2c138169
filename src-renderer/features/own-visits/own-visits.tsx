import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { useLocalDb, usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import classes from './own-visits.module.css'

type OwnVisitsProps = { readonly clinic: Clinic; readonly api: Pick<ServerApi, 'cancel'> }

/** A patient's own visits: what is coming, what has been, and calling one off. */
export function OwnVisits({ clinic, api }: OwnVisitsProps) {
  const { t } = useTranslation()
  const { database } = useLocalDb()
  const now = useNow()
  const visits = useRxQuery(useMemo(() => find(database, 'appointments'), [database]))
  const isAhead = ({ start, status }: Appointment): boolean => start >= now && status !== 'cancelled'
  const upcoming = (visits ?? []).filter(isAhead).toSorted((a, b) => a.start - b.start)
  const past = (visits ?? []).filter((visit) => !isAhead(visit)).toSorted((a, b) => b.start - a.start)
  return (
    <div className={classes.page}>
      <h1>{t('own-visits.title')}</h1>
      <section aria-label={t('own-visits.upcoming')}>
        <h2>{t('own-visits.upcoming')}</h2>
        {visits && upcoming.length === 0 && <p className={classes.quiet}>{t('own-visits.none')}</p>}
        {upcoming.map((visit) => (
          <Visit key={visit.id} visit={visit} clinic={clinic} api={api} canCancel />
        ))}
      </section>
      {past.length > 0 && (
        <section aria-label={t('own-visits.past')}>
          <h2>{t('own-visits.past')}</h2>
          {past.map((visit) => (
            <Visit key={visit.id} visit={visit} clinic={clinic} api={api} canCancel={false} />
          ))}
        </section>
      )}
    </div>
  )
}

const articleOf = (id: AppointmentId): string => `visit-${id}`

/** Brings a visit of the list into view. */
export function showOwnVisit(id: AppointmentId): void {
  const article = document.getElementById(articleOf(id))
  article?.scrollIntoView({ block: 'center' })
  article?.focus()
}

type VisitProps = OwnVisitsProps & { readonly visit: Appointment; readonly canCancel: boolean }

function Visit({ visit, clinic, api, canCancel }: VisitProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isAsking, setIsAsking] = useState(false)
  const patient = usePatientLookup()(visit.patientId)
  const isForOther = clinic.subject.patientIds.length > 1
  const type = clinic.typeOf(visit.typeId)
  const mayCancel =
    canCancel && (visit.status === 'pending' || visit.status === 'confirmed') && clinic.may('cancel-appointment', visit)
  return (
    <article className={classes.visit} id={articleOf(visit.id)} tabIndex={-1}>
      <time className={classes.when}>
        <strong>{format.day(visit.localDay)}</strong>
        <span>{format.time(visit.start)}</span>
      </time>
      <div>
        <p className={classes.what}>
          {type?.name} · {t('minutes', { count: minutesBetween(visit.start, visit.end) })}
        </p>
        <p className={classes.quiet}>
          <bdi>{clinic.doctorOf(visit.doctorId)?.name}</bdi>
          {isForOther && patient && (
            <>
              {' '}
              · <bdi>{patient.name}</bdi>
            </>
          )}
        </p>
      </div>
      <StatusBadge look={lookOf(visit)} />
      {mayCancel && !isAsking && (
        <Button size="sm" onClick={() => setIsAsking(true)}>
          {t('own-visits.cancel')}
        </Button>
      )}
      {isAsking && <CancelQuestion visit={visit} api={api} onClose={() => setIsAsking(false)} />}
    </article>
  )
}

function CancelQuestion({ visit, api, onClose }: Pick<VisitProps, 'visit' | 'api'> & { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const words = reason.trim() || t('own-visits.no-reason')
    const answer = await api.cancel(visit.id, { reason: words, revision: visit.revision })
    if (answer.ok) onClose()
    else if (answer.kind === 'offline') setProblem(t('own-visits.offline'))
    else setProblem(answer.message || refusalSentence(t, answer.code))
  }
  return (
    <form className={classes.question} onSubmit={submit}>
      <Textarea
        label={t('own-visits.why')}
        autosize
        minRows={2}
        maxLength={400}
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div role="alert">
        {(problem ?? (isOnline ? null : t('own-visits.offline'))) && (
          <p className={classes.problem}>{problem ?? t('own-visits.offline')}</p>
        )}
      </div>
      <div className={classes.buttons}>
        <Button size="sm" onClick={onClose}>
          {t('own-visits.keep')}
        </Button>
        <Button size="sm" variant="filled" color="danger" type="submit" disabled={!isOnline}>
          {t('own-visits.cancel')}
        </Button>
      </div>
    </form>
  )
}
