import { describe, expect, it } from 'vitest'
import { listPageCommands } from '#domain/commands/commands.ts'
import { isPressed, isTyping, type KeyPress, parseKeys, showKeys } from '#renderer/ui/hotkeys/key-chord.ts'

const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...part,
})
const fits = (keys: string, pressed: KeyPress): boolean => {
  const [chord] = parseKeys(keys)
  return chord !== undefined && isPressed(chord, pressed)
}

describe('a shortcut', () => {
  it('wants exactly its modifiers', () => {
    expect(fits('CmdOrCtrl+K', press('k', { ctrlKey: true }))).toBe(true)
    expect(fits('CmdOrCtrl+K', press('k', { metaKey: true }))).toBe(true)
    expect(fits('CmdOrCtrl+K', press('k'))).toBe(false)
    expect(fits('b', press('b', { ctrlKey: true }))).toBe(false)
    expect(fits('Alt+1', press('1', { altKey: true }))).toBe(true)
  })

  it('with Shift is another one than without, where a letter is held with Ctrl', () => {
    const shifted = press('E', { ctrlKey: true, shiftKey: true })
    expect(fits('CmdOrCtrl+Shift+E', shifted)).toBe(true)
    expect(fits('CmdOrCtrl+E', shifted)).toBe(false)
    expect(fits('CmdOrCtrl+Shift+E', press('e', { ctrlKey: true }))).toBe(false)
    expect(fits('Alt+1', press('1', { altKey: true, shiftKey: true }))).toBe(true)
  })

  it('is the character, however it is typed', () => {
    expect(fits('?', press('?'))).toBe(true)
    expect(fits('b', press('B'))).toBe(true)
  })

  it('is found by its place on a keyboard that is not Latin', () => {
    expect(fits('b', press('и', { code: 'KeyB' }))).toBe(true)
    expect(fits('b', press('и', { code: 'KeyN' }))).toBe(false)
  })

  it('may be a sequence', () => expect(parseKeys('g d').map(({ key }) => key)).toEqual(['g', 'd']))

  it('types a character unless Ctrl or Alt is held', () => {
    expect(isTyping(press('b'))).toBe(true)
    expect(isTyping(press('b', { ctrlKey: true }))).toBe(false)
    expect(isTyping(press('Escape'))).toBe(false)
  })

  it('is shown as its key cap says', () => {
    expect(showKeys('CmdOrCtrl+K', false)).toBe('Ctrl K')
    expect(showKeys('CmdOrCtrl+K', true)).toBe('⌘K')
    expect(showKeys('g d', false)).toBe('G D')
  })

  it('never hides another one: no command’s keys begin those of another in the same scope', () => {
    const all = listPageCommands().flatMap(({ keys = [], scope }) => keys.map((key) => ({ key, scope })))
    const hidden = all.filter(({ key, scope }) =>
      all.some((other) => other.scope === scope && other.key.startsWith(`${key} `)),
    )
    expect(hidden).toEqual([])
  })
})
