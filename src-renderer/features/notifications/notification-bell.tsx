import { ActionIcon, Popover } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { AppointmentId } from '#domain/ids.ts'
import type { Notice } from '#domain/message/notice.ts'
import type { Platform } from '#renderer/platform/types.ts'
import classes from './notification-bell.module.css'
import { NotificationList } from './notification-list.tsx'
import { useNotices } from './use-notices.ts'

export type BellProps = {
  readonly platform: Platform
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
  /** Shows the visit; false when it is not on this computer. */
  readonly onVisit: (id: AppointmentId) => Promise<boolean>
}

/** How many messages are unread, and under it the list of them. */
export function NotificationBell({ platform, isOpen, onOpen, onVisit }: BellProps) {
  const { t } = useTranslation()
  const notices = useNotices({ platform, onNotice: (entry) => void take(entry) })
  const { unreadCount, markRead } = notices
  const take = async (entry: Notice): Promise<boolean> => {
    if (entry.readAt === null) markRead([entry.id])
    if (entry.appointmentId === null) return true
    const isShown = await onVisit(entry.appointmentId)
    if (isShown) onOpen(false)
    return isShown
  }
  const label = unreadCount > 0 ? t('notifications.bell-unread', { count: unreadCount }) : t('notifications.bell')
  return (
    <Popover
      opened={isOpen}
      onChange={onOpen}
      position="bottom-end"
      width={384}
      shadow="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <ActionIcon
          className={classes.bell}
          onClick={() => onOpen(!isOpen)}
          aria-label={label}
          title={t('notifications.title')}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
        >
          <IconBell size={18} stroke={1.6} aria-hidden />
          {unreadCount > 0 && (
            <span className={classes.count} aria-hidden>
              {unreadCount > 99 ? '99+' : unreadCount}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={t('notifications.title')}>
        <NotificationList notices={notices} platform={platform} onTake={take} />
      </Popover.Dropdown>
    </Popover>
  )
}
