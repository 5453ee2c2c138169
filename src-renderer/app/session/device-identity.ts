import { type DeviceId, isId, uuidV7 } from '#domain/ids.ts'

const KEY = 'device-id'
const NAME = 'device-name'

/** The id of this device, made at its first use. It names the machine in the session list and opens nothing. */
export function deviceId(): DeviceId {
  const known = localStorage.getItem(KEY)
  if (known !== null && isId(known)) return known as DeviceId
  const made = uuidV7<'Device'>(Date.now(), crypto.getRandomValues(new Uint8Array(10)))
  localStorage.setItem(KEY, made)
  return made
}

/** What the person called this device. */
export const nameDevice = (name: string): void => localStorage.setItem(NAME, name)

/** What the session list calls this device: the name it was given, else browser and system, in words. */
export function deviceName(): string {
  const given = localStorage.getItem(NAME)
  if (given) return given
  const agent = navigator.userAgent
  const browser = /Electron/.test(agent) ? 'Desktop app' : (/(Firefox|Edg|Chrome|Safari)/.exec(agent)?.[1] ?? 'Browser')
  const system = /Windows|Mac OS|Android|iPhone|iPad|Linux/.exec(agent)?.[0] ?? ''
  return [browser.replace('Edg', 'Edge'), system].filter(Boolean).join(' on ')
}
