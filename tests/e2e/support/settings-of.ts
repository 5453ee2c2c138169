/** The settings screen under the hands of an administrator. */
import type { Locator } from 'playwright-core'
import type { Client } from './client.ts'

export function settingsOf({ page, press, button }: Client) {
  const main = page.getByRole('main')
  return {
    main,
    /** Goes to a section by its name in the list. */
    open: async (section: string): Promise<void> => {
      await press('g', 'e')
      const list = page.getByRole('navigation', { name: 'Sections of the settings' })
      await list.getByRole('button', { name: section, exact: true }).click()
      await main.getByRole('heading', { name: section, level: 2 }).waitFor()
    },
    /** By its label; the star of what is needed is not part of the name. */
    field: (name: string): Locator => main.getByLabel(new RegExp(`^${name}( \\*)?$`)),
    /** A field that opens a list, by mouse. */
    choose: async (name: string, option: string): Promise<void> => {
      await main.getByRole('combobox', { name, exact: true }).click({ force: true })
      await page.getByRole('option', { name: option, exact: true }).click()
    },
    save: (): Promise<void> => main.getByRole('button', { name: 'Save', exact: true }).click(),
    change: (name: string): Promise<void> => button(`Change: ${name}`).click(),
  }
}
export type Settings = ReturnType<typeof settingsOf>
