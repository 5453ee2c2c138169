import type { Notice } from './types.ts'

/** Asks for leave when it was not yet given, which browsers allow after a click only. */
export async function showNotice({ title, body, onClick }: Notice): Promise<boolean> {
  if (!('Notification' in window)) return false
  if (Notification.permission === 'default') await Notification.requestPermission()
  if (Notification.permission !== 'granted') return false
  const notice = new Notification(title, body === undefined ? {} : { body })
  notice.onclick = () => {
    window.focus()
    onClick?.()
  }
  return true
}
