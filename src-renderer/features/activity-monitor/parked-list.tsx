import { Button } from '@mantine/core'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SystemStateView } from '#domain/api/monitor-api.ts'
import type { ParkedMessageView } from '#domain/api/notification-api.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'
import { usePages } from '#renderer/server-api/use-pages.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './activity-monitor.module.css'
import { focusIn } from './focus-in.ts'
import { ListFoot } from './list-foot.tsx'
import { Newer } from './newer.tsx'

type ListProps = {
  readonly api: Pick<MessageApi, 'listParked' | 'replayParked' | 'dropParked'>
  readonly state: SystemStateView | undefined
  /** One of them was settled. */
  readonly onDone: () => void
}

/** What a service could not act on: handed to it once more, or given up. */
export function ParkedList({ api, state, onDone }: ListProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLUListElement>(null)
  const load = useCallback(
    async (cursor: string | undefined) => {
      const answer = await api.listParked({ limit: '50', ...(cursor !== undefined && { cursor }) })
      if (!answer.ok) return answer
      return { ok: true, value: { rows: answer.value.messages, nextCursor: answer.value.nextCursor } } as const
    },
    [api],
  )
  const pages = usePages<ParkedMessageView>(load)
  const settle = async (id: string, deed: 'replayParked' | 'dropParked'): Promise<void> => {
    const answer = await api[deed](id)
    if (!answer.ok) return showProblem(answer.kind === 'offline' ? t('activity.list-away') : answer.message)
    pages.replace((one) => one.id === id)
    focusIn(list.current)
    onDone()
  }
  const counts = state?.parked.map(({ consumer, status, count }) => `${consumer} ${status} ${count}`).join() ?? ''
  return (
    <>
      <div className={classes.filters}>
        <p className={classes.about}>{t('activity.parked.about')}</p>
        <Newer
          key={`${pages.isBusy} ${pages.rows.length}`}
          version={state ? `- ${counts}` : ''}
          onReload={pages.reload}
        />
      </div>
      <ul className={classes.entries} ref={list} tabIndex={-1}>
        {pages.rows.map((message) => (
          <Entry
            key={message.id}
            message={message}
            onReplay={() => void settle(message.id, 'replayParked')}
            onDrop={() => void settle(message.id, 'dropParked')}
          />
        ))}
      </ul>
      <ListFoot pages={pages} />
    </>
  )
}

type EntryProps = {
  readonly message: ParkedMessageView
  readonly onReplay: () => void
  readonly onDrop: () => void
}

function Entry({ message, onReplay, onDrop }: EntryProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const [isAsking, setIsAsking] = useState(false)
  const replay = useRef<HTMLButtonElement>(null)
  const keep = (): void => {
    setIsAsking(false)
    requestAnimationFrame(() => replay.current?.focus())
  }
  const { consumer, type, reason, attempts, status, nextAt, createdAt } = message
  return (
    <li>
      <div>
        <h3>
          {wordOf(i18n, 'activity.services', consumer)}
          <span className={classes.quiet}>
            {' '}
            · {type ? wordOf(i18n, 'activity.events', type) : t('activity.parked.unreadable')}
          </span>
        </h3>
        <p>
          <bdi>{reason}</bdi>
        </p>
        <p className={classes.quiet}>
          {format.moment(createdAt)} · {t('activity.messages.attempts', { count: attempts })}
          {status === 'waiting' &&
            nextAt !== null &&
            ` · ${t('activity.messages.next', { time: format.moment(nextAt) })}`}
        </p>
      </div>
      {isAsking ? (
        <div className={classes.steps}>
          <span>{t('activity.parked.sure')}</span>
          <Button autoFocus onClick={keep}>
            {t('activity.parked.keep')}
          </Button>
          <Button variant="filled" color="danger" onClick={onDrop}>
            {t('activity.parked.drop-now')}
          </Button>
        </div>
      ) : (
        <div className={classes.steps}>
          <Button ref={replay} onClick={onReplay}>
            {t('activity.parked.replay')}
          </Button>
          <Button variant="subtle" color="danger" onClick={() => setIsAsking(true)}>
            {t('activity.parked.drop')}
          </Button>
        </div>
      )}
    </li>
  )
}
