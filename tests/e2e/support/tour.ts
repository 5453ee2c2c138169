/**
 * Every screen there is, as data, with a way to it that needs no word of any language. The screens themselves come from the one
 * list of commands, so a new one is walked as soon as its `g` key exists.
 */
import type { Page } from 'playwright-core'
import { findCommand, listPageCommands } from '#domain/commands/commands.ts'
import type { DemoServer } from '#tests/support/demo-server.ts'
import type { Role } from './client.ts'

export type Stop = {
  readonly name: string
  readonly open: (page: Page) => Promise<void>
  /** What is looked at; the whole page where nothing is said. */
  readonly part?: string
  /** How it is left, by key. */
  readonly leave?: string
}

/** Goes in by what the fields are, not by what they are called. */
export async function enter(page: Page, server: DemoServer, role: Role): Promise<void> {
  await page.locator('input[type=email]').fill(server.login(role))
  await page.locator('input[type=password]').fill(server.password)
  await page.locator('input[type=radio]').nth(1).check()
  await page.locator('button[type=submit]').click()
  await page.locator('header [role=status]').waitFor()
}

/** Two frames after the last answer: what was loading stands. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.locator('.mantine-Loader-root').waitFor({ state: 'detached' })
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null)))),
  )
}

/** From wherever the keyboard is: out of what is typed, then out of the field. */
const press = async (page: Page, keys: string): Promise<void> => {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  for (const key of keys.split(' ')) await page.keyboard.press(key.replace('CmdOrCtrl', 'Control'))
}

/** Overlays and panels, each over the screen it belongs to. */
const LAYERS: readonly Stop[] = [
  {
    name: 'the booking panel',
    part: 'aside',
    leave: 'Escape',
    open: async (page) => {
      await press(page, 'g d b')
      await page.locator('aside [role=combobox]').first().fill('wood')
      await page.locator('[role=option]').first().waitFor()
    },
  },
  {
    name: 'a visit',
    part: 'aside',
    leave: 'Escape',
    open: async (page) => {
      await press(page, 'g d')
      await page.locator('[data-item] [data-look=confirmed], [data-item] [data-look=pending]').first().click()
      await page.locator('aside article').waitFor()
    },
  },
  {
    name: 'a doctor’s day',
    part: 'aside',
    leave: 'Escape',
    open: async (page) => {
      await press(page, 'g d i')
      await page.locator('aside article form, aside article p').first().waitFor()
    },
  },
  {
    name: 'a day note',
    part: 'aside',
    leave: 'Escape',
    open: async (page) => {
      await press(page, 'g d o')
      await page.locator('aside form textarea').first().waitFor()
    },
  },
  {
    name: 'the palette',
    part: '[role=dialog]',
    leave: 'Escape',
    open: async (page) => {
      await press(page, 'CmdOrCtrl+k')
      await page.locator('[role=dialog] [role=combobox]').fill('wo')
    },
  },
  {
    name: 'the list of keys',
    part: '[role=dialog]',
    leave: 'Escape',
    open: async (page) => {
      await press(page, 'F1')
      await page.locator('[role=dialog] dl').first().waitFor()
    },
  },
  {
    name: 'the account menu',
    part: '[role=menu]',
    leave: 'Escape',
    open: async (page) => {
      await page.locator('header button[aria-haspopup=menu]').last().click()
      await page.locator('[role=menu] [role=menuitemradio]').first().waitFor()
    },
  },
]

/** What stands on another screen. */
const PLACES: Readonly<Record<string, string>> = { 'go.waitlist': 'board', 'go.messages': 'settings' }

/** The screens of the `Go` menu that a role reaches by key. */
export function screensOf(permitted: (command: { readonly permission?: string }) => boolean): readonly Stop[] {
  return listPageCommands()
    .filter((command) => command.id.startsWith('go.') && command.id !== 'go.notifications' && command.keys)
    .filter(permitted)
    .map(({ id, keys }) => ({
      name: id,
      open: async (page) => {
        await press(page, keys?.[0] ?? '')
        await page.locator(`header[data-hotkey-scope~="${PLACES[id] ?? id.slice('go.'.length)}"]`).waitFor()
      },
    }))
}

const OWN_DAY = ['go.own-day', 'go.my-day']
/** What an administrator walks: everything but the screens that are a doctor's own. */
export const TOUR: readonly Stop[] = [
  ...screensOf((command) => !OWN_DAY.includes((command as { id: string }).id)),
  ...LAYERS,
]

/** What a doctor has of their own, as soon as the commands are there. */
export const DOCTORS_TOUR: readonly Stop[] = [...OWN_DAY, 'go.availability']
  .filter((id) => findCommand(id)?.keys)
  .map((id) => ({ name: id, open: (page) => press(page, findCommand(id)?.keys?.[0] ?? '') }))
