import type { DesktopApp } from './launch-desktop.ts'

/** Chooses an item by its labels, `File > Export day list as CSV…`. A greyed item cannot be chosen, as on the screen. */
export async function clickMenu({ app }: DesktopApp, path: string): Promise<void> {
  await app.evaluate(({ Menu }, labels) => {
    let items = Menu.getApplicationMenu()?.items ?? []
    for (const [depth, label] of labels.entries()) {
      const item = items.find((one) => one.label === label)
      if (!item) throw new Error(`no menu item ${label} among ${items.map((one) => one.label).join(', ')}`)
      if (!item.enabled) throw new Error(`menu item ${label} is disabled`)
      if (depth === labels.length - 1) item.click()
      else items = item.submenu?.items ?? []
    }
  }, path.split(' > '))
}

export type MenuItemState = { readonly label: string; readonly isEnabled: boolean }

/** Items of one menu of the bar, separators left out. */
export async function listMenuItems({ app }: DesktopApp, menu: string): Promise<MenuItemState[]> {
  return app.evaluate(({ Menu }, label) => {
    const items = Menu.getApplicationMenu()?.items.find((one) => one.label === label)?.submenu?.items ?? []
    return items
      .filter((item) => item.type !== 'separator')
      .map((item) => ({ label: item.label, isEnabled: item.enabled }))
  }, menu)
}

export async function listMenus({ app }: DesktopApp): Promise<string[]> {
  return app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map((item) => item.label) ?? [])
}
