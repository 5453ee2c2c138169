import { isLocalTime, type LocalTime } from './clinic-time.ts'

/**
 * A time of day as people type it: `8`, `830`, `0830`, `8:30`, `8.30`.
 * @returns undefined for anything that is no time
 */
export function typedTime(text: string): LocalTime | undefined {
  const parts = /^\s*(\d{1,2})(?:\s*[:.h]?\s*(\d{2}))?\s*$/i.exec(text)
  if (!parts) return undefined
  const time = `${(parts[1] ?? '').padStart(2, '0')}:${parts[2] ?? '00'}`
  return isLocalTime(time) ? time : undefined
}
