import { Menu } from 'electron'
import { type CommandId, findCommand, isPageCommand, listPageCommands } from '#domain/commands/commands.ts'
import type { InvokePayload } from '#preload/contract.ts'
import { labelsIn } from './labels.ts'
import { menuTemplate } from './menu-template.ts'

export type ApplicationMenu = {
  /** Takes over what a page can do now and in which language it is shown. */
  readonly update: (pageId: number, state: InvokePayload<'commands:state'>) => void
  /** The menu is that of the window in front. */
  readonly showFor: (pageId: number) => void
  /** What a page said holds no longer: it has gone, or another begins. Items stay in place, greyed. */
  readonly forget: (pageId: number) => void
}

type Options = {
  readonly appName: string
  readonly platform: NodeJS.Platform
  readonly run: (id: CommandId) => void
  /** What can be done now is shown elsewhere too. */
  readonly onChange: (language: string, enabled: ReadonlySet<CommandId>) => void
}

/** Builds the native menu and keeps it true. It is built anew only for another language; else items are switched in place. */
export function createApplicationMenu({ appName, platform, run, onChange }: Options): ApplicationMenu {
  let language = 'en'
  let shownPage: number | undefined
  const pages = new Map<number, InvokePayload<'commands:state'>>()
  build(new Set())
  return {
    update: (pageId, state) => {
      pages.set(pageId, state)
      shownPage ??= pageId
      if (pageId === shownPage) refresh()
    },
    showFor: (pageId) => {
      shownPage = pageId
      refresh()
    },
    forget: (pageId) => {
      pages.delete(pageId)
      if (pageId === shownPage) refresh()
    },
  }

  function refresh(): void {
    const state = shownPage === undefined ? undefined : pages.get(shownPage)
    const enabled = new Set((state?.enabled ?? []).filter((id) => isPageCommand(findCommand(id))))
    if (!state || state.language === language) switchItems(enabled)
    else {
      language = state.language
      build(enabled)
    }
    onChange(language, enabled)
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
