import { Button, Select } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SystemStateView } from '#domain/api/monitor-api.ts'
import type { MessageView } from '#domain/api/notification-api.ts'
import { DELIVERY_STATUSES, statusAfter } from '#domain/message/delivery.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'
import { usePages } from '#renderer/server-api/use-pages.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './activity-monitor.module.css'
import { ListFoot } from './list-foot.tsx'
import { Newer } from './newer.tsx'

type ListProps = {
  readonly api: Pick<MessageApi, 'listMessages' | 'resendMessage'>
  readonly state: SystemStateView | undefined
}

const TYPES = ['email', 'sms', 'websocket'] as const

/** Messages to people: where they went, what became of them and why, and another round for those given up. */
export function MessageList({ api, state }: ListProps) {
  const { t, i18n } = useTranslation()
  const [filter, setFilter] = useState({ status: '', type: '' })
  const load = useCallback(
    async (cursor: string | undefined) => {
      const answer = await api.listMessages({ limit: '50', ...filter, ...(cursor !== undefined && { cursor }) })
      if (!answer.ok) return answer
      return { ok: true, value: { rows: answer.value.messages, nextCursor: answer.value.nextCursor } } as const
    },
    [api, filter],
  )
  const pages = usePages<MessageView>(load)
  const resend = async ({ id }: MessageView): Promise<void> => {
    const answer = await api.resendMessage(id)
    if (answer.ok) pages.replace((one) => one.id === id, answer.value.message)
    else showProblem(answer.kind === 'offline' ? t('activity.list-away') : answer.message)
  }
  const any = (name: string) => ({ value: '', label: name })
  return (
    <>
      <search className={classes.filters}>
        <Select
          label={t('activity.messages.status')}
          data={[
            any(t('activity.messages.any-status')),
            ...DELIVERY_STATUSES.map((value) => ({ value, label: t(`told.statuses.${value}`) })),
          ]}
          value={filter.status}
          onChange={(status) => setFilter({ ...filter, status: status ?? '' })}
        />
        <Select
          label={t('activity.now.channel')}
          data={[
            any(t('activity.messages.any-channel')),
            ...TYPES.map((value) => ({ value, label: wordOf(i18n, 'told.types', value) })),
          ]}
          value={filter.type}
          onChange={(type) => setFilter({ ...filter, type: type ?? '' })}
        />
        <Newer key={pages.isBusy ? 'busy' : 'read'} version={totalOf(state)} onReload={pages.reload} />
      </search>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('activity.audit.when')}</th>
            <th scope="col">{t('activity.messages.what')}</th>
            <th scope="col">{t('activity.messages.to')}</th>
            <th scope="col">{t('activity.messages.status')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('activity.steps')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pages.rows.map((message) => (
            <Row key={message.id} message={message} onResend={() => void resend(message)} />
          ))}
        </tbody>
      </table>
      <ListFoot pages={pages} />
    </>
  )
}

/** Every message there is stands in one of these counts, so any change of them is news. */
const totalOf = (state: SystemStateView | undefined): string =>
  state ? state.notifications.map(({ type, status, count }) => `${type} ${status} ${count}`).join() : ''

type RowProps = { readonly message: MessageView; readonly onResend: () => void }

function Row({ message, onResend }: RowProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { createdAt, kind, subject, type, recipient, status, reason, attempts, nextAttemptAt } = message
  const name = t(`told.kinds.${kind}`)
  const canResend = statusAfter(status, 'replay') !== status
  return (
    <tr>
      <td>{format.moment(createdAt)}</td>
      <td>
        {name}
        {subject !== '' && subject !== name && (
          <span className={classes.quiet}>
            {' · '}
            <bdi>{subject}</bdi>
          </span>
        )}
      </td>
      <td>
        {wordOf(i18n, 'told.types', type)}
        {recipient && type !== 'websocket' && (
          <span className={classes.quiet}>
            {' · '}
            <bdi>{recipient}</bdi>
          </span>
        )}
      </td>
      <td data-warning={status === 'parked' || undefined}>
        {t(`told.statuses.${status}`)}
        {reason && <span className={classes.quiet}> · {wordOf(i18n, 'told.reasons', reason)}</span>}
        {attempts > 1 && (
          <span className={classes.quiet}> · {t('activity.messages.attempts', { count: attempts })}</span>
        )}
        {nextAttemptAt !== null && (
          <span className={classes.quiet}>
            {' '}
            ·{' '}
            {t(attempts > 0 ? 'activity.messages.next' : 'activity.messages.not-before', {
              time: format.moment(nextAttemptAt),
            })}
          </span>
        )}
      </td>
      <td>{canResend && <Button onClick={onResend}>{t('activity.messages.resend')}</Button>}</td>
    </tr>
  )
}
