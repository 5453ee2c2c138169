import { Menu } from 'electron'
import { type CommandId, findCommand, listPageCommands } from '#domain/commands/commands.ts'
import type { InvokePayload } from '#preload/contract.ts'
import { labelsIn } from './labels.ts'
import { menuTemplate } from './menu-template.ts'

export type ApplicationMenu = {
  /** Takes over what the page can do now and in which language it is shown. */
  readonly update: (state: InvokePayload<'commands:state'>) => void
  /** No page, no commands: items stay in place, greyed. */
  readonly disableAll: () => void
}

type Options = {
  readonly appName: string
  readonly platform: NodeJS.Platform
  readonly run: (id: CommandId) => void
}

/** Builds the native menu and keeps it true. It is built anew only for another language; else items are switched in place. */
export function createApplicationMenu({ appName, platform, run }: Options): ApplicationMenu {
  let language = 'en'
  build(new Set())
  return {
    update: (state) => {
      const enabled = new Set(state.enabled.filter((id) => findCommand(id)?.role === undefined))
      if (state.language === language) return switchItems(enabled)
      language = state.language
      build(enabled)
    },
    disableAll: () => switchItems(new Set()),
  }

  function build(enabled: ReadonlySet<CommandId>): void {
    const template = menuTemplate({ labels: labelsIn(language), platform, appName, enabled, run })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  function switchItems(enabled: ReadonlySet<CommandId>): void {
    const menu = Menu.getApplicationMenu()
    for (const { id } of listPageCommands()) {
      const item = menu?.getMenuItemById(id)
      if (item) item.enabled = enabled.has(id)
    }
  }
}
