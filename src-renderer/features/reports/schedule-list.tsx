import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportSchedule } from '#domain/api/report-api.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import classes from './reports.module.css'
import { ScheduleForm } from './schedule-form.tsx'
import { timesInWords } from './schedule-words.ts'
import type { Schedules } from './use-schedules.ts'

type ListProps = { readonly clinic: Clinic; readonly schedules: Schedules; readonly isOnline: boolean }

/** Reports that the server makes again and again: what, when and for whom. */
export function ScheduleList({ clinic, schedules, isOnline }: ListProps) {
  const { t } = useTranslation()
  const [edited, setEdited] = useState<ReportSchedule | 'new' | null>(null)
  return (
    <section className={classes.block} aria-label={t('reports.schedules')}>
      <div className={classes.blockHead}>
        <h2>{t('reports.schedules')}</h2>
        <Button disabled={!isOnline} onClick={() => setEdited('new')}>
          {t('reports.add-schedule')}
        </Button>
      </div>
      {!isOnline && <p className={classes.quiet}>{t('reports.own-offline')}</p>}
      {schedules.schedules?.length === 0 && <p className={classes.quiet}>{t('reports.no-schedules')}</p>}
      <ul className={classes.list}>
        {schedules.schedules?.map((schedule) => (
          <ScheduleRow
            key={schedule.id}
            schedule={schedule}
            schedules={schedules}
            isOnline={isOnline}
            onEdit={() => setEdited(schedule)}
          />
        ))}
      </ul>
      {edited && (
        <ScheduleForm
          clinic={clinic}
          schedules={schedules}
          schedule={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  )
}

type RowProps = Omit<ListProps, 'clinic'> & { readonly schedule: ReportSchedule; readonly onEdit: () => void }

function ScheduleRow({ schedule, schedules, isOnline, onEdit }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isAsked, setIsAsked] = useState(false)
  const { name, definition, range, type, recipientIds, isActive, nextRunAt } = schedule
  const known = recipientIds.flatMap((id) => schedules.people.find((person) => person.id === id)?.name ?? [])
  const unknown = recipientIds.length - known.length
  const whom = [...known, ...(unknown > 0 ? [t('reports.more-people', { count: unknown })] : [])]
  const ways = isAsked ? (
    <>
      <span className={classes.itemAbout}>{t('reports.delete-ask')}</span>
      <Button onClick={() => setIsAsked(false)} data-autofocus>
        {t('reports.keep')}
      </Button>
      <Button variant="filled" color="danger" onClick={() => void schedules.remove(schedule)}>
        {t('reports.delete')}
      </Button>
    </>
  ) : (
    <>
      <Button disabled={!isOnline} onClick={onEdit} aria-label={t('reports.edit-of', { name })}>
        {t('reports.edit')}
      </Button>
      <Button
        disabled={!isOnline}
        onClick={() => void schedules.edit(schedule, { isActive: !isActive })}
        aria-label={t(isActive ? 'reports.pause-of' : 'reports.resume-of', { name })}
      >
        {t(isActive ? 'reports.pause' : 'reports.resume')}
      </Button>
      <Button
        variant="subtle"
        color="danger"
        disabled={!isOnline}
        onClick={() => setIsAsked(true)}
        aria-label={t('reports.delete-of', { name })}
      >
        {t('reports.delete')}
      </Button>
    </>
  )
  return (
    <li className={classes.item} data-paused={isActive ? undefined : true}>
      <div>
        <bdi className={classes.itemTitle}>{name}</bdi>
        <span className={classes.itemAbout}>
          {t(`report.titles.${definition}`)} · {t(`reports.ranges.${range}`)} · {type.toUpperCase()}
        </span>
        <span className={classes.itemAbout}>{t('reports.to', { names: whom.join(', ') })}</span>
      </div>
      <div className={classes.itemStatus}>
        <span>{timesInWords(t, schedule)}</span>
        <span className={classes.itemAbout}>
          {isActive ? t('reports.next-run', { moment: format.moment(nextRunAt) }) : t('reports.paused')}
        </span>
      </div>
      <div className={classes.itemWays}>{ways}</div>
    </li>
  )
}
