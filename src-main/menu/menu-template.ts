import type { MenuItemConstructorOptions } from 'electron'
import { type Command, type CommandId, listMenuSections, MENUS, type MenuName } from '#domain/commands/commands.ts'
import type { Labels } from './labels.ts'

export type TemplateOptions = {
  readonly labels: Labels
  readonly platform: NodeJS.Platform
  readonly appName: string
  readonly enabled: ReadonlySet<CommandId>
  readonly run: (id: CommandId) => void
}

/** The menu bar as data. macOS has its own application menu, which holds Quit. */
export function menuTemplate(options: TemplateOptions): MenuItemConstructorOptions[] {
  const menus = MENUS.map((name) => toMenu(name, options))
  return options.platform === 'darwin' ? [{ role: 'appMenu', label: options.appName }, ...menus] : menus
}

function toMenu(name: MenuName, options: TemplateOptions): MenuItemConstructorOptions {
  const sections = listMenuSections(name)
    .map((section) => section.filter((command) => options.platform !== 'darwin' || command.role !== 'quit'))
    .filter((section) => section.length > 0)
  const submenu = sections.flatMap((section, index): MenuItemConstructorOptions[] => [
    ...(index > 0 ? [{ type: 'separator' as const }] : []),
    ...section.map((command) => toItem(command, options)),
  ])
  return { label: options.labels.menu(name), submenu }
}

function toItem(command: Command, { labels, enabled, run }: TemplateOptions): MenuItemConstructorOptions {
  const label = labels.command(command.id)
  if (command.role) return { id: command.id, label, role: command.role }
  return {
    id: command.id,
    label,
    ...(command.accelerator ? { accelerator: command.accelerator } : {}),
    enabled: command.ownHost ?? enabled.has(command.id),
    click: () => run(command.id),
  }
}
