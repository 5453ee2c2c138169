import type { MenuItemConstructorOptions } from 'electron'
import type { CommandId } from '#domain/commands/commands.ts'
import type { Labels } from '#main/menu/labels.ts'

export type TrayState = {
  readonly labels: Labels
  readonly enabled: ReadonlySet<CommandId>
  /** Changes that nobody but this device has. */
  readonly unsent: number
}

export type TrayActions = { readonly show: () => void; readonly run: (id: CommandId) => void }

/** The commands one wants without looking for the window first. */
const COMMANDS = ['file.new-booking', 'app.lock'] as const satisfies readonly CommandId[]

/** The menu of the icon as data. It says how much is unsent, and of whom never: it is seen with the screen unlocked to others. */
export function trayTemplate(
  { labels, enabled, unsent }: TrayState,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  const count: MenuItemConstructorOptions[] =
    unsent > 0 ? [{ label: labels.unsent(unsent), enabled: false }, { type: 'separator' }] : []
  return [
    ...count,
    { id: 'tray.open', label: labels.open(), click: actions.show },
    ...COMMANDS.map((id) => ({
      id,
      label: labels.command(id),
      enabled: enabled.has(id),
      click: () => actions.run(id),
    })),
    { type: 'separator' },
    { id: 'app.quit', label: labels.command('app.quit'), role: 'quit' },
  ]
}

/** What the icon says when one points at it. */
export function trayToolTip(appName: string, { labels, unsent }: TrayState): string {
  return unsent > 0 ? `${appName}: ${labels.unsent(unsent)}` : appName
}
