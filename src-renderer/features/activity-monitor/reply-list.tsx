import { Button } from '@mantine/core'
import { useCallback, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyView } from '#domain/api/notification-api.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'
import { usePages } from '#renderer/server-api/use-pages.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './activity-monitor.module.css'
import { focusIn } from './focus-in.ts'
import { ListFoot } from './list-foot.tsx'

/** Answers by SMS that a program could not act on; each look is noted, so the list is read again only when asked to. */
export function ReplyList({ api }: { readonly api: Pick<MessageApi, 'listReplies' | 'settleReply'> }) {
  const { t } = useTranslation()
  const list = useRef<HTMLUListElement>(null)
  const load = useCallback(async () => {
    const answer = await api.listReplies()
    return answer.ok ? ({ ok: true, value: { rows: answer.value.replies, nextCursor: null } } as const) : answer
  }, [api])
  const pages = usePages<ReplyView>(load)
  const settle = async (id: string): Promise<void> => {
    const answer = await api.settleReply(id)
    if (!answer.ok) return showProblem(answer.kind === 'offline' ? t('activity.list-away') : answer.message)
    pages.replace((one) => one.id === id)
    focusIn(list.current)
  }
  return (
    <>
      <div className={classes.filters}>
        <p className={classes.about}>{t('activity.replies.about')}</p>
        <Button onClick={pages.reload}>{t('activity.reload')}</Button>
      </div>
      <ul className={classes.entries} ref={list} tabIndex={-1}>
        {pages.rows.map((reply) => (
          <Entry key={reply.id} reply={reply} onSettle={() => void settle(reply.id)} />
        ))}
      </ul>
      <ListFoot pages={pages} />
    </>
  )
}

function Entry({ reply, onSettle }: { readonly reply: ReplyView; readonly onSettle: () => void }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { number, body, result, receivedAt } = reply
  return (
    <li>
      <div>
        <h3>
          <bdi>{body}</bdi>
        </h3>
        <p className={classes.quiet}>
          <bdi>{number}</bdi> · {format.moment(receivedAt)} · {wordOf(i18n, 'activity.replies.why', result)}
        </p>
      </div>
      <div className={classes.steps}>
        <Button onClick={onSettle}>{t('activity.replies.done')}</Button>
      </div>
    </li>
  )
}
