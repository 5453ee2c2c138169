/**
 * What `import ... from 'electron'` gives an app that runs in the stand-in: the parts our main process uses, each driving a
 * real Chromium or kept as data for specs to look at. A name that is missing here fails at import; a member that is missing
 * fails by name when it is used.
 */
export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { clipboard, dialog, Notification, nativeImage, powerMonitor, screen, shell, Tray } from './desktop.ts'
export { ipcMain } from './ipc-main.ts'
export { Menu, MenuItem } from './menu.ts'
export { safeStorage } from './safe-storage.ts'
export { protocol } from './schemes.ts'
export { session } from './session.ts'
export { WebContents as webContents } from './web-contents.ts'
