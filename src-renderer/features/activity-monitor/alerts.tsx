import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { AlertCode, MonitorAnswer } from '#domain/api/monitor-api.ts'
import classes from './activity-monitor.module.css'

export type TabName = 'now' | 'audit' | 'messages' | 'parked' | 'replies'

/** Where one can do something about it; null where nothing in the app helps. */
const PLACES: Readonly<Record<AlertCode, TabName | null>> = {
  'messages-parked': 'parked',
  'messages-failed': 'messages',
  'scheduler-silent': 'now',
  'scheduler-missing': null,
  'reminders-late': 'now',
  'events-waiting': 'now',
  'broker-down': null,
}

type AlertsProps = { readonly alerts: MonitorAnswer['alerts']; readonly onTab: (tab: TabName) => void }

/** What somebody should look at: what it is, what to do about it, and the way there. */
export function Alerts({ alerts, onTab }: AlertsProps) {
  const { t } = useTranslation()
  return (
    <ul className={classes.alerts} aria-label={t('activity.needs-you')} aria-live="polite">
      {alerts.map(({ code, count }) => {
        const place = PLACES[code]
        return (
          <li key={code}>
            <IconAlertTriangle size={18} stroke={1.7} aria-hidden />
            <div>
              <h2>{t(`activity.alerts.${code}.title`, { count })}</h2>
              <p>{t(`activity.alerts.${code}.do`)}</p>
            </div>
            {place && (
              <Button onClick={() => onTab(place)}>{t('activity.show', { part: t(`activity.tabs.${place}`) })}</Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
