import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Report } from '#domain/api/report-api.ts'
import type { ReportDefinition } from '#domain/report/report-definitions.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import classes from './reports.module.css'
import { isOpen, type ServerReports } from './use-server-reports.ts'

type OwnReportsProps = {
  readonly server: ServerReports
  readonly isOnline: boolean
  readonly onSave: (report: Report) => void
}

/** Every report the person has asked the server for, and what can be done with each. */
export function OwnReports({ server, isOnline, onSave }: OwnReportsProps) {
  const { t } = useTranslation()
  const { reports } = server
  return (
    <section className={classes.block} aria-label={t('reports.own')}>
      <h2>{t('reports.own')}</h2>
      {!isOnline && <p className={classes.quiet}>{t('reports.own-offline')}</p>}
      {reports?.length === 0 && <p className={classes.quiet}>{t('reports.none-yet')}</p>}
      <ul className={classes.list}>
        {reports?.map((report) => (
          <ReportRow key={report.id} report={report} server={server} isOnline={isOnline} onSave={onSave} />
        ))}
      </ul>
    </section>
  )
}

type RowProps = OwnReportsProps & { readonly report: Report }

function ReportRow({ report, server, isOnline, onSave }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { id, definition, filter, type, fileType, status, note, error } = report
  const title = t(`report.titles.${definition as ReportDefinition}`)
  const about = [
    (fileType ?? type).toUpperCase(),
    t('reports.days', { from: format.day(filter.from), until: format.day(filter.until) }),
    t('reports.asked-at', { moment: format.moment(report.createdAt) }),
  ]
  const button = (name: 'save' | 'cancel' | 'retry', run: () => void) => (
    <Button disabled={!isOnline} onClick={run} aria-label={t(`reports.${name}-of`, { title })}>
      {t(`reports.${name}`)}
    </Button>
  )
  return (
    <li className={classes.item} data-status={status}>
      <div>
        <span className={classes.itemTitle}>{title}</span>
        <span className={classes.itemAbout}>{about.join(' · ')}</span>
        {note !== '' && <span className={classes.itemAbout}>{note}</span>}
      </div>
      <StatusWords report={report} />
      <div className={classes.itemWays}>
        {status === 'done' && button('save', () => onSave(report))}
        {isOpen(report) && button('cancel', () => void server.cancel(id))}
        {!isOpen(report) &&
          status !== 'done' &&
          error !== 'not-allowed' &&
          button('retry', () => void server.retry(id))}
      </div>
    </li>
  )
}

const ERRORS = ['crashed', 'out-of-memory', 'no-space', 'not-allowed'] as const

function StatusWords({ report }: { readonly report: Report }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { status, progress, error, expiresAt } = report
  const known = ERRORS.find((one) => one === error)
  return (
    <div className={classes.itemStatus}>
      <span>{t(`reports.statuses.${status}`)}</span>
      {status === 'running' && <Progress value={progress} size="sm" aria-label={t('reports.progress', { progress })} />}
      {known && <span className={classes.itemAbout}>{t(`reports.errors.${known}`)}</span>}
      {status === 'done' && expiresAt !== null && (
        <span className={classes.itemAbout}>{t('reports.expires', { moment: format.moment(expiresAt) })}</span>
      )}
    </div>
  )
}
