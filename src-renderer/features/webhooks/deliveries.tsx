import { Button } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Webhook, WebhookDelivery } from '#domain/api/webhook-api.ts'
import type { WebhookEvent } from '#domain/webhook/webhook-events.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import type { WebhookCalls } from '#renderer/server-api/webhook-calls.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import classes from './webhooks.module.css'

type DeliveriesProps = { readonly calls: WebhookCalls; readonly webhook: Webhook; readonly onClose: () => void }

/** What was sent last and what came of it; what failed can be sent again. */
export function Deliveries({ calls, webhook, onClose }: DeliveriesProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const { value, problem, reload } = useLoaded(useCallback(() => calls.deliveries(webhook), [calls, webhook]))
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  useHotkeys([{ keys: 'Escape', run: onClose }])
  const resend = async (delivery: WebhookDelivery): Promise<void> => {
    const answer = await calls.resend(webhook, delivery)
    setRefused(answer.ok ? null : answer)
    await reload()
  }
  const why = refused ?? problem
  const deliveries = value?.deliveries ?? []
  return (
    <section className={classes.form} aria-label={t('settings.webhooks.deliveries')}>
      <h3>{t('settings.webhooks.deliveries')}</h3>
      <div role="alert">{why && <p className={list.problem}>{words(why)}</p>}</div>
      {value && deliveries.length === 0 && <p className={list.quiet}>{t('settings.webhooks.no-deliveries')}</p>}
      {deliveries.length > 0 && (
        <table className={list.table}>
          <thead>
            <tr>
              <th scope="col">{t('settings.webhooks.when')}</th>
              <th scope="col">{t('settings.webhooks.what')}</th>
              <th scope="col">{t('settings.webhooks.state')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('settings.steps')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {deliveries.map((delivery) => (
              <Row key={delivery.id} delivery={delivery} onResend={() => void resend(delivery)} />
            ))}
          </tbody>
        </table>
      )}
      <div className={list.steps}>
        <Button onClick={() => void reload()}>{t('settings.webhooks.look-again')}</Button>
        <Button variant="subtle" onClick={onClose}>
          {t('panel.close')}
        </Button>
      </div>
    </section>
  )
}

function Row({ delivery, onResend }: { readonly delivery: WebhookDelivery; readonly onResend: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { eventType, status, attempts, lastStatus, lastError, createdAt } = delivery
  const answer = lastStatus === null ? lastError : `HTTP ${lastStatus}`
  const event = t(`settings.webhooks.event.${eventType as WebhookEvent}`)
  return (
    <tr>
      <td>{format.moment(createdAt)}</td>
      <td>{event}</td>
      <td>
        {[t(`settings.webhooks.delivery.${status}`), t('settings.webhooks.tries', { count: attempts }), answer]
          .filter(Boolean)
          .join(' · ')}
      </td>
      <td data-steps>
        {status !== 'waiting' && (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={`${t('settings.webhooks.resend')}: ${event}`}
            onClick={onResend}
          >
            {t('settings.webhooks.resend')}
          </Button>
        )}
      </td>
    </tr>
  )
}
