import { Button } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ActivityEntry } from '#domain/api/activity-api.ts'
import { queryOfTokens, type Token, withToken } from '#domain/settings/activity-tokens.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { usePages } from '#renderer/server-api/use-pages.ts'
import { VirtualRows } from '#renderer/ui/parts/virtual-rows.tsx'
import { ActivityEntryPanel } from './activity-entry-panel.tsx'
import classes from './activity-monitor.module.css'
import { ListFoot } from './list-foot.tsx'
import { TokenField } from './token-field.tsx'
import { useNews } from './use-news.ts'

export type LogApi = Pick<MessageApi, 'listActivity' | 'activityNews' | 'visitChange'>
type LogProps = { readonly clinic: Clinic; readonly api: LogApi; readonly people: PeopleApi }

/**
 * The audit log: who did, saw or was refused what, newest on top. At its top it follows what happens; scrolled away it stands
 * still and counts.
 */
export function ActivityLog({ clinic, api, people }: LogProps) {
  const { t } = useTranslation()
  const [tokens, setTokens] = useState<readonly Token[]>([])
  const [open, setOpen] = useState<ActivityEntry | null>(null)
  const [isAtTop, setIsAtTop] = useState(true)
  const load = useCallback(
    async (cursor: string | undefined) => {
      const answer = await api.listActivity({
        limit: '100',
        ...queryOfTokens(tokens),
        ...(cursor !== undefined && { cursor }),
      })
      if (!answer.ok) return answer
      const { entries, nextCursor } = answer.value
      return { ok: true, value: { rows: entries, nextCursor } } as const
    },
    [api, tokens],
  )
  const pages = usePages<ActivityEntry>(load)
  const { rows, isBusy, more, reload } = pages
  const news = useNews(api, rows[0]?.at)
  useEffect(() => {
    if (news > 0 && isAtTop && open === null && !isBusy) reload()
  }, [news, isAtTop, open, isBusy, reload])
  const add = (token: Token): void => setTokens(withToken(tokens, token))
  return (
    <div className={classes.log} data-open={open !== null || undefined}>
      <div className={classes.logList}>
        <div className={classes.filters}>
          <TokenField clinic={clinic} people={people} tokens={tokens} seen={rows} onTokens={setTokens} />
          <Button onClick={reload}>{news > 0 ? t('activity.news', { count: news }) : t('activity.reload')}</Button>
        </div>
        <p role="status" className="visually-hidden">
          {news > 0 && t('activity.news', { count: news })}
        </p>
        <Rows rows={rows} open={open} onOpen={setOpen} onEnd={isBusy ? undefined : more} onTop={setIsAtTop} />
        <ListFoot pages={{ ...pages, more: undefined }} />
      </div>
      {open && (
        <ActivityEntryPanel clinic={clinic} api={api} entry={open} onToken={add} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}

type RowsProps = {
  readonly rows: readonly ActivityEntry[]
  readonly open: ActivityEntry | null
  readonly onOpen: (entry: ActivityEntry) => void
  readonly onEnd: (() => void) | undefined
  readonly onTop: (isAtTop: boolean) => void
}

function Rows({ rows, open, onOpen, onEnd, onTop }: RowsProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const selected = open === null ? -1 : rows.indexOf(open)
  const cells = ({ at, userId, userName, action, collection, documentCount, door, deviceName }: ActivityEntry) => [
    format.moment(at),
    <bdi key="who">{userName ?? t(userId ? 'activity.audit.somebody' : 'activity.audit.nobody')}</bdi>,
    <>
      {wordOf(i18n, 'activity.actions', action)}
      {collection !== '' && (
        <span className={classes.quiet}> · {wordOf(i18n, 'activity.collections', collection)}</span>
      )}
      {documentCount > 1 && <span className={classes.quiet}> × {documentCount}</span>}
    </>,
    <>
      {door && wordOf(i18n, 'activity.doors', door)}
      {deviceName && (
        <span className={classes.quiet}>
          {' · '}
          <bdi>{deviceName}</bdi>
        </span>
      )}
    </>,
  ]
  return (
    <VirtualRows
      label={t('activity.tabs.audit')}
      columns={[t('activity.audit.when'), t('activity.audit.who'), t('activity.audit.what'), t('activity.audit.door')]}
      tracks="9.5rem minmax(8rem, 1fr) minmax(12rem, 2fr) minmax(8rem, 1.4fr)"
      rows={rows}
      cells={cells}
      selected={selected < 0 ? null : selected}
      onOpen={(index) => {
        const entry = rows[index]
        if (entry) onOpen(entry)
      }}
      onEnd={onEnd}
      onTop={onTop}
    />
  )
}
