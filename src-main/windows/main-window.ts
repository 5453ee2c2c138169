import { BrowserWindow } from 'electron'
import { APP_URL } from './app-address.ts'

export type MainWindowOptions = {
  readonly preload: string
  /** Called when a page begins, before its first script: what the last page said holds no longer. */
  readonly onPageChange: () => void
}

/** The only place that makes windows, so that all have the same locks. */
export function createMainWindow({ preload, onPageChange }: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1360,
    height: 860,
    minWidth: 720,
    minHeight: 480,
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
  window.once('ready-to-show', () => window.show())
  window.webContents.on('did-navigate', onPageChange)
  void window.loadURL(APP_URL)
  return window
}

/** Brings a window to the front, out of the task bar too. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
