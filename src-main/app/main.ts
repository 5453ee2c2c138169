/** Entry of the desktop process: the only place that builds its parts. */
import { join } from 'node:path'
import { app, BrowserWindow, ipcMain, powerMonitor, protocol, session, shell } from 'electron'
import type { CommandId } from '#domain/commands/commands.ts'
import { LINK_SCHEME } from '#domain/commands/deep-link.ts'
import { createHandlers } from '#main/ipc/create-handlers.ts'
import { registerHandlers } from '#main/ipc/handle.ts'
import { push } from '#main/ipc/push.ts'
import { createApplicationMenu } from '#main/menu/application-menu.ts'
import { createDataKeys } from '#main/secrets/data-keys.ts'
import { createKeyring } from '#main/secrets/keyring.ts'
import { createSessionVault } from '#main/secrets/session-vault.ts'
import { createDeskTray } from '#main/tray/desk-tray.ts'
import { registerAppScheme, serveApp } from '#main/windows/app-protocol.ts'
import { createDeskWindows, frontWindow } from '#main/windows/desk-windows.ts'
import { showWindow } from '#main/windows/main-window.ts'
import { guardNavigation } from '#main/windows/navigation-guard.ts'
import { allowOnlyNeededPermissions } from '#main/windows/permissions.ts'
import { createWindowPlaces } from '#main/windows/window-places.ts'
import type { LockReason } from '#preload/contract.ts'
import { createCrashRecords } from './crash-records.ts'
import { createLinkDoor } from './link-door.ts'
import { createSettings } from './settings.ts'

const OUT = join(import.meta.dirname, '..')

const links = createLinkDoor({ onLink: pushLink, log: (line) => console.warn(line) })

registerAppScheme(protocol)
app.enableSandbox()
// macOS hands links over by this event alone, and may do so before the app is ready.
app.on('open-url', (event, url) => {
  event.preventDefault()
  links.offer(url)
})

if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(endWithReason)
else app.quit()

function start(): void {
  const userData = app.getPath('userData')
  const settings = createSettings(join(userData, 'settings.json'), process.env.SYNC_SERVER_URL)
  const keyring = createKeyring(process.platform)
  const crashes = createCrashRecords({
    folder: join(userData, 'crash-reports'),
    version: app.getVersion(),
    now: Date.now,
  })
  app.on('render-process-gone', (_event, _contents, gone) => crashes.add({ process: 'renderer', ...gone }))
  app.on('child-process-gone', (_event, gone) => crashes.add({ ...gone, process: gone.type }))
  const tray = createDeskTray(join(OUT, 'renderer/icons/app-192.png'), {
    show: () => windows.show(),
    run: (id) => {
      if (id !== 'app.lock') windows.show()
      runCommand(id)
    },
  })
  const menu = createApplicationMenu({
    appName: app.getName(),
    platform: process.platform,
    run: runCommand,
    onChange: tray.setCommands,
  })
  const windows = createDeskWindows({
    preload: join(OUT, 'preload/index.cjs'),
    places: createWindowPlaces(join(userData, 'windows.json')),
    onPageChange: menu.forget,
    onFocus: menu.showFor,
    onClosed: (pageId) => {
      menu.forget(pageId)
      const next = frontWindow()
      if (next) menu.showFor(next.webContents.id)
    },
  })

  serveApp(protocol, { root: join(OUT, 'renderer'), serverOrigin: settings.serverOrigin })
  allowOnlyNeededPermissions(session.defaultSession)
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents))
  registerHandlers(
    ipcMain,
    createHandlers({
      settings,
      sessions: createSessionVault(join(userData, 'session.bin'), keyring),
      dataKeys: createDataKeys(join(userData, 'keys'), keyring),
      menu,
      links,
      tray,
    }),
  )

  app.on('second-instance', (_event, argv) => {
    windows.show()
    links.offerFrom(argv)
  })
  app.on('activate', windows.show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  powerMonitor.on('lock-screen', () => pushToAll('screen-locked'))
  powerMonitor.on('suspend', () => pushToAll('suspended'))

  // An installer registers the scheme for everybody; from a folder of sources it would point at Electron itself.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)
  links.offerFrom(process.argv)
  windows.show()

  function runCommand(id: CommandId): void {
    const window = frontWindow()
    if (id === 'window.new') windows.openAnother()
    else if (id === 'help.about') app.showAboutPanel()
    else if (id === 'help.crash-folder') void shell.openPath(crashes.folder)
    else if (id === 'app.lock') pushToAll('asked')
    else if (window) push(window, 'command', { id })
  }
}

/** Only a wrong environment keeps the app from starting; whoever set it reads the terminal, not a dialog. */
function endWithReason(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
  app.exit(1)
}

/** The window in front takes it; without one it waits for the next that opens. */
function pushLink(): void {
  const window = app.isReady() && frontWindow()
  if (!window) return
  showWindow(window)
  push(window, 'link', {})
}

function pushToAll(reason: LockReason): void {
  for (const window of BrowserWindow.getAllWindows()) push(window, 'lock', { reason })
}
