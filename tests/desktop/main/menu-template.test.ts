import { expect, test } from 'vitest'
import { listPageCommands } from '#domain/commands/commands.ts'
import { labelsIn } from '#main/menu/labels.ts'
import { menuTemplate, type TemplateOptions } from '#main/menu/menu-template.ts'

const template = (options: Partial<TemplateOptions> = {}) =>
  menuTemplate({
    labels: labelsIn('en'),
    platform: 'linux',
    appName: 'Clinic',
    enabled: new Set(),
    run: () => undefined,
    ...options,
  })

type Items = ReturnType<typeof template>
const itemsOf = (menus: Items): Items => menus.flatMap((menu) => (menu.submenu ?? []) as Items)
const labelsOf = (menus: Items, name: string): (string | undefined)[] =>
  itemsOf(menus.filter((menu) => menu.label === name)).map((item) => item.label ?? item.type)

test('the bar reads as people expect', () => {
  expect(template().map((menu) => menu.label)).toEqual(['File', 'Edit', 'View', 'Appointment', 'Go', 'Window', 'Help'])
  expect(labelsOf(template(), 'File')).toEqual([
    'New booking…',
    'Walk-in…',
    'Add day note…',
    'separator',
    'Export day list as CSV…',
    'Export day sheet as PDF…',
    'Print day sheet…',
    'Export report…',
    'separator',
    'Lock',
    'My account…',
    'How you are told…',
    'Sign out…',
    'separator',
    'Quit',
  ])
})

test('on macOS the application menu holds Quit, and File does not', () => {
  const menus = template({ platform: 'darwin' })
  expect(menus[0]).toEqual({ role: 'appMenu', label: 'Clinic' })
  expect(labelsOf(menus, 'File')).toEqual([
    'New booking…',
    'Walk-in…',
    'Add day note…',
    'separator',
    'Export day list as CSV…',
    'Export day sheet as PDF…',
    'Print day sheet…',
    'Export report…',
    'separator',
    'Lock',
    'My account…',
    'How you are told…',
    'Sign out…',
  ])
})

test('a command that makes no sense now is greyed, not hidden', () => {
  const items = itemsOf(template({ enabled: new Set(['go.board']) }))
  const page = listPageCommands().map((command) => items.find((item) => item.id === command.id))
  expect(page.map((item) => item?.enabled)).toEqual(listPageCommands().map((command) => command.id === 'go.board'))
})

test('choosing an item runs its command', () => {
  const ran: string[] = []
  const items = itemsOf(template({ run: (id) => ran.push(id) }))
  const click = items.find((item) => item.id === 'go.inbox')?.click as (() => void) | undefined
  click?.()
  expect(ran).toEqual(['go.inbox'])
})

test('a language without a catalogue is shown in English', () => {
  expect(labelsIn('xx').command('go.board')).toBe('Day board')
})
