import { useTranslation } from 'react-i18next'
import type { DryRun } from '#domain/api/notification-api.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import classes from './message-settings.module.css'

/** What a rule would send: how many, how many reach nobody, and the first of them. */
export function DryRunResult({ result }: { readonly result: DryRun }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { visitCount, reminderCount, unreachableCount, reminders } = result
  return (
    <section className={classes.result} aria-label={t('messages.rules.result')}>
      <p>
        {t('messages.rules.result-visits', { count: visitCount })}{' '}
        {t('messages.rules.result-reminders', { count: reminderCount })}{' '}
        {unreachableCount > 0 && t('messages.rules.result-unreachable', { count: unreachableCount })}
      </p>
      {reminders.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('messages.rules.due')}</th>
              <th scope="col">{t('messages.rules.visit')}</th>
              <th scope="col">{t('messages.rules.reaches')}</th>
            </tr>
          </thead>
          <tbody>
            {reminders.map(({ appointmentId, start, dueAt, isReachable }) => (
              <tr key={`${appointmentId} ${dueAt}`}>
                <td>{format.moment(dueAt)}</td>
                <td>{format.moment(start)}</td>
                <td data-warning={!isReachable || undefined}>
                  {t(isReachable ? 'messages.rules.reachable' : 'messages.rules.unreachable')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
