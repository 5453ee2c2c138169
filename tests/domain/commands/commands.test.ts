import { expect, test } from 'vitest'
import { COMMANDS, findCommand, listMenuSections, listPageCommands, MENUS } from '#domain/commands/commands.ts'
import en from '#locales/en.json' with { type: 'json' }

const textAt = (key: string): unknown =>
  key.split('.').reduce<unknown>((level, part) => (level as Record<string, unknown>)?.[part], en)

test('no two commands share an id, an accelerator or a key of one scope', () => {
  const unique = (values: readonly unknown[]): void => expect(values).toEqual([...new Set(values)])
  unique(COMMANDS.map((command) => command.id))
  unique(COMMANDS.flatMap((command) => command.accelerator ?? []))
  for (const scope of ['board', 'my-day', 'inbox'] as const) {
    const reachable = COMMANDS.filter((command) => command.scope === scope || command.scope === 'everywhere')
    unique(reachable.flatMap((command) => command.keys ?? []))
  }
})

test('every command and every menu has an English name', () => {
  const keys = [...COMMANDS.map((command) => command.labelKey), ...MENUS.map((menu) => `commands.menu.${menu}`)]
  for (const key of keys) expect(textAt(key), key).toEqual(expect.stringMatching(/\S/))
})

test('every command stands in exactly one menu', () => {
  const inMenus = MENUS.flatMap((menu) => listMenuSections(menu).flat())
  expect(inMenus.map((command) => command.id).sort()).toEqual(COMMANDS.map((command) => command.id).sort())
})

test('what the host does itself never reaches the page', () => {
  expect(listPageCommands().every((command) => command.role === undefined && !command.ownHost)).toBe(true)
  expect(listPageCommands().map((command) => command.id)).not.toContain('app.quit')
})

test('an unknown id finds nothing', () => {
  expect(findCommand('file.format-disk')).toBeUndefined()
  expect(findCommand('go.board')?.menu.name).toBe('go')
})
