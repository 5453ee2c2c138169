import { Button } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Webhook } from '#domain/api/webhook-api.ts'
import type { WebhookEvent } from '#domain/webhook/webhook-events.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import { createWebhookCalls } from '#renderer/server-api/webhook-calls.ts'
import { SecretNote } from '#renderer/ui/parts/secret-note.tsx'
import list from '#renderer/ui/parts/settings-list.module.css'
import { SureButton } from '#renderer/ui/parts/sure-button.tsx'
import { Deliveries } from './deliveries.tsx'
import { WebhookForm } from './webhook-form.tsx'

type Shown = { readonly kind: 'form' } | { readonly kind: 'deliveries'; readonly webhook: Webhook } | null

/** Other systems that are told of what happens: where, of what, and whether it reached them. */
export function WebhookSection({ api }: { readonly api: Pick<ServerApi, 'call'> }) {
  const { t } = useTranslation()
  const words = useFailure()
  const calls = useMemo(() => createWebhookCalls(api), [api])
  const { value, problem, reload } = useLoaded(useCallback(() => calls.list(), [calls]))
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  const [shown, setShown] = useState<Shown>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const done = async (asked: Promise<ApiResult<unknown>>): Promise<void> => {
    const answer = await asked
    setRefused(answer.ok ? null : answer)
    await reload()
  }
  const rotate = async (webhook: Webhook): Promise<void> => {
    const answer = await calls.rotate(webhook)
    if (answer.ok) setSecret(answer.value.secret)
    setRefused(answer.ok ? null : answer)
    await reload()
  }
  const why = refused ?? problem
  const webhooks = value?.webhooks ?? []
  return (
    <>
      <div className={list.bar}>
        <p className={list.about}>{t('settings.webhooks.about')}</p>
        <Button variant={shown?.kind === 'form' ? 'default' : 'filled'} onClick={() => setShown({ kind: 'form' })}>
          {t('settings.webhooks.add')}
        </Button>
      </div>
      <div role="alert">{why && <p className={list.problem}>{words(why)}</p>}</div>
      {secret !== null && (
        <SecretNote
          title={t('settings.webhooks.secret')}
          about={t('settings.webhooks.secret-about')}
          secret={secret}
          words={{ copy: t('factor.copy'), copied: t('factor.copied'), done: t('factor.noted-one') }}
          onDone={() => setSecret(null)}
        />
      )}
      {shown?.kind === 'form' && (
        <WebhookForm
          calls={calls}
          onAdded={(made) => {
            setSecret(made)
            setShown(null)
            void reload()
          }}
          onClose={() => setShown(null)}
        />
      )}
      {value && webhooks.length === 0 && <p className={list.quiet}>{t('settings.webhooks.none')}</p>}
      {webhooks.length > 0 && (
        <table className={list.table}>
          <thead>
            <tr>
              <th scope="col">{t('settings.webhooks.address')}</th>
              <th scope="col">{t('settings.webhooks.events')}</th>
              <th scope="col">{t('settings.webhooks.state')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('settings.steps')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {webhooks.map((webhook) => (
              <Row
                key={webhook.id}
                webhook={webhook}
                onDeliveries={() => setShown({ kind: 'deliveries', webhook })}
                onSwitch={() => void done(calls.edit(webhook, { isActive: !webhook.isActive }))}
                onRotate={() => void rotate(webhook)}
                onRemove={() => {
                  setShown(null)
                  void done(calls.remove(webhook))
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      {shown?.kind === 'deliveries' && (
        <Deliveries key={shown.webhook.id} calls={calls} webhook={shown.webhook} onClose={() => setShown(null)} />
      )}
    </>
  )
}

type RowProps = {
  readonly webhook: Webhook
  readonly onDeliveries: () => void
  readonly onSwitch: () => void
  readonly onRotate: () => void
  readonly onRemove: () => void
}

function Row({ webhook, onDeliveries, onSwitch, onRotate, onRemove }: RowProps) {
  const { t } = useTranslation()
  const { url, description, eventTypes, isActive, disabledReason } = webhook
  const state = isActive ? 'on' : disabledReason === 'gone' ? 'gone' : 'off'
  const button = { size: 'compact-sm', variant: 'subtle' } as const
  return (
    <tr data-off={!isActive || undefined}>
      <th scope="row">
        <bdi>{description || url}</bdi>
        {description !== '' && (
          <>
            <br />
            <bdi className={list.quiet}>{url}</bdi>
          </>
        )}
      </th>
      <td>{eventTypes.map((type) => t(`settings.webhooks.event.${type as WebhookEvent}`)).join(', ')}</td>
      <td>{t(`settings.webhooks.states.${state}`)}</td>
      <td data-steps>
        <Button {...button} onClick={onDeliveries} aria-label={`${t('settings.webhooks.deliveries')}: ${url}`}>
          {t('settings.webhooks.deliveries')}
        </Button>
        <Button
          {...button}
          onClick={onSwitch}
          aria-label={`${t(isActive ? 'settings.webhooks.pause' : 'settings.webhooks.resume')}: ${url}`}
        >
          {t(isActive ? 'settings.webhooks.pause' : 'settings.webhooks.resume')}
        </Button>
        <SureButton
          {...button}
          label={t('settings.webhooks.rotate')}
          of={url}
          question={t('settings.webhooks.sure-rotate')}
          yes={t('settings.webhooks.rotate-now')}
          no={t('settings.people.keep')}
          isDanger={false}
          onYes={onRotate}
        />
        <SureButton
          {...button}
          label={t('settings.webhooks.remove')}
          of={url}
          question={t('settings.webhooks.sure-remove')}
          yes={t('settings.webhooks.remove-now')}
          no={t('settings.people.keep')}
          onYes={onRemove}
        />
      </td>
    </tr>
  )
}
