import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NOTICE_DAYS, type Notice } from '#domain/message/notice.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { Platform } from '#renderer/platform/types.ts'
import { walkButtons } from '#renderer/ui/parts/walk-buttons.ts'
import classes from './notification-bell.module.css'
import type { Notices } from './use-notices.ts'

type ListProps = {
  readonly notices: Notices
  readonly platform: Pick<Platform, 'noticeLeave' | 'askForNotices'>
  /** @returns false when what it is about cannot be shown here */
  readonly onTake: (entry: Notice) => Promise<boolean>
}

/** So many are drawn at first, and so many more on demand. */
const PAGE = 30

/** What one was told, newest first: unread ones marked, older ones on demand, and a word when the server is away. */
export function NotificationList({ notices, platform, onTake }: ListProps) {
  const { t } = useTranslation()
  const { entries = [], unreadCount, markRead } = notices
  const [shown, setShown] = useState(PAGE)
  const [missingId, setMissingId] = useState<string | null>(null)
  const take = async (entry: Notice): Promise<void> => {
    setMissingId((await onTake(entry)) ? null : entry.id)
  }
  return (
    <>
      <div className={classes.head}>
        <h2>{t('notifications.title')}</h2>
        <Button variant="subtle" size="compact-sm" disabled={unreadCount === 0} onClick={() => markRead()}>
          {t('notifications.read-all')}
        </Button>
      </div>
      <Away />
      <ul className={classes.list} onKeyDown={walkButtons}>
        {entries.slice(0, shown).map((entry) => (
          <Entry key={entry.id} entry={entry} isMissing={entry.id === missingId} onTake={() => void take(entry)} />
        ))}
      </ul>
      <Nothing notices={notices} />
      <Foot platform={platform} onMore={entries.length > shown ? () => setShown(shown + PAGE) : undefined} />
    </>
  )
}

/** Said only of a list that is known to be whole. */
function Nothing({ notices: { entries } }: Pick<ListProps, 'notices'>) {
  const { t } = useTranslation()
  const { initialSync } = useSyncStatus()
  if (entries?.length !== 0 || !initialSync.done) return null
  return <p className={classes.empty}>{t('notifications.empty')}</p>
}

/** Says that the list may be behind, and since when. */
function Away() {
  const { t } = useTranslation()
  const format = useFormat()
  const { connection, lastSyncAt } = useSyncStatus()
  if (connection.phase === 'ready' || connection.phase === 'connecting') return null
  const text =
    lastSyncAt === null ? t('notifications.not-here') : t('notifications.away', { time: format.moment(lastSyncAt) })
  return <p className={classes.away}>{text}</p>
}

type EntryProps = { readonly entry: Notice; readonly isMissing: boolean; readonly onTake: () => void }

function Entry({ entry, isMissing, onTake }: EntryProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const isUnread = entry.readAt === null
  return (
    <li>
      <button type="button" className={classes.entry} data-unread={isUnread || undefined} onClick={onTake}>
        <span className={classes.subject}>
          {isUnread && <span className="visually-hidden">{t('notifications.unread')}: </span>}
          <bdi>{entry.subject}</bdi>
        </span>
        <time className={classes.when}>{format.moment(entry.shownAt ?? entry.createdAt)}</time>
        <bdi className={classes.message}>{entry.message}</bdi>
      </button>
      <div role="alert">{isMissing && <p className={classes.missing}>{t('notifications.visit-not-here')}</p>}</div>
    </li>
  )
}

type FootProps = Pick<ListProps, 'platform'> & { readonly onMore: (() => void) | undefined }

function Foot({ platform, onMore }: FootProps) {
  const { t } = useTranslation()
  const [leave, setLeave] = useState(platform.noticeLeave())
  return (
    <div className={classes.foot}>
      <p className={classes.kept}>{t('notifications.kept', { days: NOTICE_DAYS })}</p>
      {onMore && (
        <Button variant="subtle" size="compact-sm" onClick={onMore}>
          {t('notifications.older')}
        </Button>
      )}
      {leave === 'default' && (
        <Button
          variant="subtle"
          size="compact-sm"
          title={t('notifications.outside-about')}
          onClick={() => void platform.askForNotices().then(setLeave)}
        >
          {t('notifications.outside')}
        </Button>
      )}
    </div>
  )
}
