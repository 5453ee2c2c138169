import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { useLocalDb, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { articleOf, OwnVisit } from './own-visit.tsx'
import classes from './own-visits.module.css'
import type { OwnVisitsProps } from './visits-props.ts'

/** A patient's own visits and those of their family: what is coming, what has been. They are readable without the server. */
export function OwnVisits(props: OwnVisitsProps) {
  const { t } = useTranslation()
  const { database } = useLocalDb()
  const now = useNow()
  const isOffline = useSyncStatus().connection.phase === 'offline'
  const visits = useRxQuery(useMemo(() => find(database, 'appointments'), [database]))
  const isAhead = ({ start, status }: Appointment): boolean => start >= now && status !== 'cancelled'
  const upcoming = (visits ?? []).filter(isAhead).toSorted((a, b) => a.start - b.start)
  const past = (visits ?? []).filter((visit) => !isAhead(visit)).toSorted((a, b) => b.start - a.start)
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{t('own-visits.title')}</h1>
        <Button variant="filled" disabled={isOffline} onClick={props.onBook}>
          {t('own-visits.book')}
        </Button>
      </div>
      {isOffline && (
        <p className={classes.offline} role="status">
          {t('own-visits.offline-about')} {props.phone !== '' && t('book-visit.call', { phone: props.phone })}
        </p>
      )}
      <section aria-label={t('own-visits.upcoming')}>
        <h2>{t('own-visits.upcoming')}</h2>
        {visits && upcoming.length === 0 && <p className={classes.quiet}>{t('own-visits.none')}</p>}
        {upcoming.map((visit) => (
          <OwnVisit key={visit.id} {...props} visit={visit} isOffline={isOffline} now={now} isAhead />
        ))}
      </section>
      {props.children}
      {past.length > 0 && (
        <section aria-label={t('own-visits.past')}>
          <h2>{t('own-visits.past')}</h2>
          {past.map((visit) => (
            <OwnVisit key={visit.id} {...props} visit={visit} isOffline={isOffline} now={now} isAhead={false} />
          ))}
        </section>
      )}
    </div>
  )
}

/** Brings a visit of the list into view. */
export function showOwnVisit(id: AppointmentId): void {
  const article = document.getElementById(articleOf(id))
  article?.scrollIntoView({ block: 'center' })
  article?.focus()
}
