import type { BrowserWindow } from 'electron'
import type { Pushes, PushName } from '#preload/contract.ts'

/** Tells the page something unasked; the typed form of `send`, and the only use of it. */
export function push<Name extends PushName>(window: BrowserWindow, name: Name, message: Pushes[Name]): void {
  if (!window.isDestroyed()) window.webContents.send(name, message)
}
