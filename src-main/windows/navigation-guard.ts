import { shell, type WebContents } from 'electron'
import { isAppUrl } from './app-address.ts'
import { mayOpenOutside } from './outside-links.ts'

/** Keeps a window on the app's own page: it goes nowhere else, opens no second window and embeds no web view. */
export function guardNavigation(contents: WebContents): void {
  const refuseForeign = (event: { preventDefault: () => void }, url: string): void => {
    if (!isAppUrl(url)) event.preventDefault()
  }
  contents.on('will-navigate', (event) => refuseForeign(event, event.url))
  contents.on('will-redirect', (event) => refuseForeign(event, event.url))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}
