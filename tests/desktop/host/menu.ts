/** `Menu` and `MenuItem` as data: nothing is drawn and no accelerator is heard. */
import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { strictEmitter, strictObject, strictStatics } from './strict.ts'

type ClickHandler = (item: MenuItem, window: BrowserWindow | undefined, event: object) => void

export type MenuItemOptions = {
  readonly id?: string
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly accelerator?: string
  readonly enabled?: boolean
  readonly visible?: boolean
  readonly submenu?: readonly MenuItemOptions[]
  readonly click?: ClickHandler
}

/** Roles whose effect can be seen without a screen; the others concern text fields and zoom, which Chromium itself handles. */
const ROLES: Readonly<Record<string, (window: BrowserWindow | null) => void>> = {
  quit: () => app.quit(),
  close: (window) => window?.close(),
  minimize: (window) => window?.minimize(),
  reload: (window) => window?.webContents.reload(),
}

export class MenuItem {
  readonly id: string | undefined
  readonly role: string | undefined
  readonly type: string
  readonly accelerator: string | undefined
  readonly submenu: Menu | undefined
  label: string
  enabled: boolean
  visible: boolean
  readonly #click: ClickHandler | undefined

  constructor(options: MenuItemOptions) {
    this.id = options.id
    this.role = options.role
    this.type = options.type ?? (options.submenu ? 'submenu' : 'normal')
    this.accelerator = options.accelerator
    this.submenu = options.submenu ? Menu.buildFromTemplate(options.submenu) : undefined
    this.label = options.label ?? options.role ?? ''
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.#click = options.click
    strictObject('MenuItem', this)
  }

  /** As in Electron, a call by code does not ask whether the item is enabled; the native menu does. */
  click(event: object = {}, window: BrowserWindow | null = BrowserWindow.getFocusedWindow()): void {
    if (this.role) ROLES[this.role]?.(window)
    else this.#click?.(this, window ?? undefined, { triggeredByAccelerator: false, ...event })
  }
}

export class Menu extends strictEmitter('Menu') {
  static #application: Menu | null = null
  readonly items: MenuItem[] = []

  static buildFromTemplate(template: readonly MenuItemOptions[]): Menu {
    const menu = new Menu()
    for (const options of template) menu.append(new MenuItem(options))
    return menu
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }

  append(item: MenuItem): void {
    this.items.push(item)
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}

strictStatics('Menu', Menu)
