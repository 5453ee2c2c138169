import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import type { StrandedVisit, StrandedVisits } from '#domain/sync/stranded-visits.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { dismissRejection } from '#renderer/local-db/patients-store.ts'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import type { InboxProps } from './inbox-props.ts'
import { strandedStateOf } from './stranded-state.ts'
import classes from './sync-inbox.module.css'
import { WayButtons } from './way-buttons.tsx'

type StrandedProps = InboxProps & { readonly change: RejectedChange; readonly list: StrandedVisits }

/** Leave over booked visits: whom it concerns, how each of them stands, and the way to it. */
export function StrandedEntry({ change, list, clinic, onShowOnBoard }: StrandedProps) {
  const { t } = useTranslation()
  const visits = useVisits(list)
  const openCount = list.unlisted + list.visits.filter((one) => isOpen(list, one, visits.get(one.id))).length
  return (
    <article className={classes.entry}>
      <What clinic={clinic} list={list} openCount={openCount} />
      {list.visits.length > 0 && (
        <ul className={classes.visits} aria-label={t('inbox.stranded-visits')}>
          {list.visits.map((listed) => (
            <Visit
              key={listed.id}
              clinic={clinic}
              list={list}
              listed={listed}
              visit={visits.get(listed.id)}
              onOpen={onShowOnBoard}
            />
          ))}
        </ul>
      )}
      {list.unlisted > 0 && <p className={classes.quiet}>{t('inbox.stranded-unlisted', { count: list.unlisted })}</p>}
      <WayButtons
        runs={{ 'inbox.dismiss': () => void dismissRejection(clinic.desk, change.id) }}
        usual={openCount === 0 ? 'inbox.dismiss' : undefined}
      />
    </article>
  )
}

/** A visit this computer does not have may be where it was. */
const isOpen = (list: StrandedVisits, listed: StrandedVisit, visit: Appointment | undefined): boolean =>
  ['waits', 'unknown'].includes(strandedStateOf(list.schedule, listed, visit))

type WhatProps = { readonly clinic: Clinic; readonly list: StrandedVisits; readonly openCount: number }

function What({ clinic, list, openCount }: WhatProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { doctorId, date, startTime, endTime, isLeave } = list.schedule
  const facts = {
    count: list.visits.length + list.unlisted,
    day: format.day(date),
    doctor: clinic.doctorOf(doctorId)?.name ?? '',
  }
  const who = doctorId === clinic.subject.doctorId ? 'own' : 'other'
  const isWholeDay = startTime === endTime
  const when = isWholeDay ? t('inbox.stranded-all-day') : t('inbox.stranded-range', { from: startTime, until: endTime })
  return (
    <>
      <h2 className={classes.headline}>{t(`inbox.stranded-${isLeave ? 'leave' : 'hours'}-${who}`, facts)}</h2>
      <p className={classes.sentence}>
        {[
          isLeave ? t('inbox.stranded-refused', { when }) : '',
          openCount > 0 ? t('inbox.stranded-open', { count: openCount }) : t('inbox.stranded-done'),
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
    </>
  )
}

type VisitProps = {
  readonly clinic: Clinic
  readonly list: StrandedVisits
  readonly listed: StrandedVisit
  readonly visit: Appointment | undefined
  readonly onOpen: (visit: Appointment) => void
}

/** One visit in a line that opens its details, where it can be moved or called off. */
function Visit({ clinic, list, listed, visit, onOpen }: VisitProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = usePatientLookup()(listed.patientId)?.name ?? t('inbox.a-patient')
  const state = strandedStateOf(list.schedule, listed, visit)
  const now = {
    waits: t('inbox.stranded-waits'),
    moved: visit ? t('inbox.stranded-moved', { time: format.moment(visit.start) }) : '',
    settled: visit ? t(`status.${lookOf(visit)}`) : '',
    unknown: t('inbox.stranded-unknown'),
  }[state]
  return (
    <li className={classes.visit} data-state={state}>
      <span className="tabular">
        <bdi>
          {format.moment(listed.start)}–{format.time(listed.end)}
        </bdi>
      </span>
      <span>
        <bdi className={classes.visitName}>{name}</bdi>
        {visit && <bdi className={classes.visitAbout}>{clinic.typeOf(visit.typeId)?.name}</bdi>}
      </span>
      <span className={classes.visitState}>{now}</span>
      {visit && (
        <Button size="compact-sm" onClick={() => onOpen(visit)} aria-label={t('inbox.stranded-open-visit', { name })}>
          {t('inbox.open')}
        </Button>
      )}
    </li>
  )
}

/** The listed visits as far as they are on this computer, by id. */
function useVisits({ visits }: StrandedVisits): ReadonlyMap<string, Appointment> {
  const { database } = useLocalDb()
  const query = useMemo(
    () => find(database, 'appointments', { id: { $in: visits.map(({ id }) => id) } }),
    [database, visits],
  )
  const found = useRxQuery(query)
  return useMemo(() => new Map(found?.map((visit) => [visit.id, visit])), [found])
}
