import { app, Menu, nativeImage, Tray } from 'electron'
import type { CommandId } from '#domain/commands/commands.ts'
import { labelsIn } from '#main/menu/labels.ts'
import { type TrayActions, type TrayState, trayTemplate, trayToolTip } from './tray-template.ts'

const ICON_PIXELS = 20

export type DeskTray = {
  /** What can be done now, and in which language it is shown. */
  readonly setCommands: (language: string, enabled: ReadonlySet<CommandId>) => void
  readonly setUnsent: (count: number) => void
}

/** The icon beside the clock, and the figure on the app's own icon where the system draws one. */
export function createDeskTray(icon: string, actions: TrayActions): DeskTray {
  const tray = new Tray(nativeImage.createFromPath(icon).resize({ width: ICON_PIXELS, height: ICON_PIXELS }))
  let state: TrayState = { labels: labelsIn('en'), enabled: new Set(), unsent: 0 }
  // On macOS and on most Linux desktops a click opens the menu by itself.
  if (process.platform === 'win32') tray.on('click', actions.show)
  show({})
  return {
    setCommands: (language, enabled) => show({ labels: labelsIn(language), enabled }),
    setUnsent: (unsent) => {
      app.setBadgeCount(unsent)
      show({ unsent })
    },
  }

  function show(change: Partial<TrayState>): void {
    state = { ...state, ...change }
    tray.setToolTip(trayToolTip(app.getName(), state))
    tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(state, actions)))
  }
}
