import type { Notice, NoticeLeave } from './types.ts'

/** Shows a notice where leave was given; it never asks for it, because a question out of the blue is answered with no. */
export async function showNotice({ title, body, onClick }: Notice): Promise<boolean> {
  if (noticeLeave() !== 'granted') return false
  const notice = new Notification(title, body === undefined ? {} : { body })
  notice.onclick = () => {
    window.focus()
    onClick?.()
  }
  return true
}

export const noticeLeave = (): NoticeLeave => ('Notification' in window ? Notification.permission : 'denied')

/** Browsers let this be asked after a click only. */
export async function askForNotices(): Promise<NoticeLeave> {
  return 'Notification' in window ? Notification.requestPermission() : 'denied'
}
