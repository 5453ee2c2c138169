/** `session`: the app's permission handlers decide what Chromium grants to the app's own origin. */
import { chromium } from './chromium.ts'
import { cancellable } from './events.ts'
import { report } from './host-state.ts'
import { protocol, toChromiumUrl } from './schemes.ts'
import { strictEmitter, strictObject } from './strict.ts'

type RequestHandler = (
  contents: object,
  permission: string,
  answer: (isGranted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void
type CheckHandler = (
  contents: object,
  permission: string,
  origin: string,
  details: { requestingUrl: string; isMainFrame: boolean },
) => boolean

/** Electron's names and Chromium's. */
const PERMISSIONS: Record<string, string> = {
  'background-sync': 'background-sync',
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
  geolocation: 'geolocation',
  'idle-detection': 'idle-detection',
  'local-fonts': 'local-fonts',
  'local-network': 'local-network',
  'loopback-network': 'loopback-network',
  media: 'camera',
  midi: 'midi',
  notifications: 'notifications',
  'persistent-storage': 'persistent-storage',
  'window-management': 'window-management',
}

export class Session extends strictEmitter('session') {
  readonly protocol = protocol
  #request: RequestHandler | null = null
  #check: CheckHandler | null = null

  setPermissionRequestHandler = (handler: RequestHandler | null) => {
    this.#request = handler
  }
  setPermissionCheckHandler = (handler: CheckHandler | null) => {
    this.#check = handler
  }
  /** No device can be asked for here, so there is nothing to decide. */
  setDevicePermissionHandler = () => undefined

  /** Asks both handlers for every permission; without a handler Electron grants, with either of them refusing it does not. */
  async applyPermissions(contents: object, url: string): Promise<void> {
    const origin = new URL(toChromiumUrl(url)).origin
    for (const [permission, name] of Object.entries(PERMISSIONS)) {
      const setting = this.#isGranted(contents, permission, url) ? 'granted' : 'denied'
      await chromium().send('Browser.setPermission', { permission: { name }, setting, origin })
    }
  }

  /** Downloads are refused; the app is told, as Electron tells it. */
  async refuseDownloads(): Promise<void> {
    await chromium().send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true })
    chromium().on('Browser.downloadWillBegin', ({ url }) => {
      const event = cancellable()
      this.emit('will-download', event, { getURL: () => url })
      if (!event.defaultPrevented) report('a download was asked for, which the stand-in cannot do', url)
    })
  }

  #isGranted(contents: object, permission: string, url: string): boolean {
    const details = { requestingUrl: url, isMainFrame: true }
    let isGranted = this.#check?.(contents, permission, `${url.split('/').slice(0, 3).join('/')}/`, details) ?? true
    this.#request?.(
      contents,
      permission,
      (answer) => {
        isGranted &&= answer
      },
      details,
    )
    return isGranted
  }
}

export const session = strictObject('session', { defaultSession: new Session() })
