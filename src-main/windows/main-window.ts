import { BrowserWindow } from 'electron'
import { APP_URL } from './app-address.ts'
import { type Area, MIN_SIZE } from './window-places.ts'

export type MainWindowOptions = {
  readonly preload: string
  readonly area: Area
  readonly isMaximized: boolean
}

/** The only place that makes windows, so that all have the same locks. */
export function createMainWindow({ preload, area, isMaximized }: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    x: area.x,
    y: area.y,
    width: area.width,
    height: area.height,
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
    },
  })
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize()
    window.show()
  })
  void window.loadURL(APP_URL)
  return window
}

/** Brings a window to the front, out of the task bar too. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
