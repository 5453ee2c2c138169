import { Button, Checkbox, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { WEBHOOK_EVENTS, type WebhookEvent } from '#domain/webhook/webhook-events.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { WebhookCalls } from '#renderer/server-api/webhook-calls.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import classes from './webhooks.module.css'

type FormProps = {
  readonly calls: WebhookCalls
  readonly onAdded: (secret: string) => void
  readonly onClose: () => void
}

/** Where to send, and what of. */
export function WebhookForm({ calls, onAdded, onClose }: FormProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [url, setUrl] = useState('')
  const [description, setDescription] = useState('')
  const [chosen, setChosen] = useState<readonly WebhookEvent[]>([
    'AppointmentBooked',
    'AppointmentMoved',
    'AppointmentCancelled',
  ])
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  useHotkeys([{ keys: 'Escape', run: onClose }])
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const answer = await calls.create({ url, eventTypes: [...chosen], description: description.trim() })
    if (answer.ok) onAdded(answer.value.secret)
    else setProblem(answer)
  }
  return (
    <form className={classes.form} aria-label={t('settings.webhooks.add')} onSubmit={(event) => void submit(event)}>
      <TextInput
        label={t('settings.webhooks.address')}
        type="url"
        pattern="https?://.*"
        required
        autoFocus
        maxLength={2000}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <TextInput
        label={t('settings.webhooks.description')}
        maxLength={200}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Checkbox.Group
        label={t('settings.webhooks.events')}
        value={chosen as readonly string[] as string[]}
        onChange={(events) => setChosen(events as WebhookEvent[])}
      >
        <div className={classes.events}>
          {WEBHOOK_EVENTS.map((event) => (
            <Checkbox key={event} size="xs" value={event} label={t(`settings.webhooks.event.${event}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      <div className={list.steps}>
        <Button type="submit" variant="filled" disabled={chosen.length === 0}>
          {t('settings.webhooks.add-now')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('settings.back')}
        </Button>
      </div>
    </form>
  )
}
