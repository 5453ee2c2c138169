import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NotificationView } from '#domain/api/notification-api.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Platform } from '#renderer/platform/types.ts'
import { walkButtons } from '#renderer/ui/parts/walk-buttons.ts'
import classes from './notification-bell.module.css'
import type { FeedState, NotificationFeed } from './notification-feed.ts'

type ListProps = {
  readonly feed: NotificationFeed
  readonly state: FeedState
  readonly platform: Pick<Platform, 'noticeLeave' | 'askForNotices'>
  /** @returns false when what it is about cannot be shown here */
  readonly onTake: (entry: NotificationView) => Promise<boolean>
}

/** What one was told, newest first: unread ones marked, older ones on demand, and a word when the server is away. */
export function NotificationList({ feed, state, platform, onTake }: ListProps) {
  const { t } = useTranslation()
  const { entries, unreadCount, nextCursor, isLive } = state
  const [missingId, setMissingId] = useState<string | null>(null)
  const take = async (entry: NotificationView): Promise<void> => {
    setMissingId((await onTake(entry)) ? null : entry.id)
  }
  return (
    <>
      <div className={classes.head}>
        <h2>{t('notifications.title')}</h2>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={!isLive || unreadCount === 0}
          onClick={() => void feed.markRead()}
        >
          {t('notifications.read-all')}
        </Button>
      </div>
      <Away state={state} />
      <ul className={classes.list} onKeyDown={walkButtons}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} isMissing={entry.id === missingId} onTake={() => void take(entry)} />
        ))}
      </ul>
      {entries.length === 0 && state.asOf !== null && <p className={classes.empty}>{t('notifications.empty')}</p>}
      <Foot platform={platform} onMore={isLive && nextCursor !== null ? () => void feed.more() : undefined} />
    </>
  )
}

/** Says that the list may be behind, and since when. */
function Away({ state: { isLive, asOf } }: Pick<ListProps, 'state'>) {
  const { t } = useTranslation()
  const format = useFormat()
  if (isLive) return null
  const text = asOf === null ? t('notifications.not-here') : t('notifications.away', { time: format.moment(asOf) })
  return <p className={classes.away}>{text}</p>
}

type EntryProps = { readonly entry: NotificationView; readonly isMissing: boolean; readonly onTake: () => void }

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
        <time className={classes.when}>{format.moment(entry.createdAt)}</time>
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
  if (!onMore && leave !== 'default') return null
  return (
    <div className={classes.foot}>
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
