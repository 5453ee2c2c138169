import { expect, test } from 'vitest'
import type { CommandId } from '#domain/commands/commands.ts'
import { labelsIn } from '#main/menu/labels.ts'
import { type TrayState, trayTemplate, trayToolTip } from '#main/tray/tray-template.ts'

const state = (change: Partial<TrayState> = {}): TrayState => ({
  labels: labelsIn('en'),
  enabled: new Set(),
  unsent: 0,
  ...change,
})
const actions = { show: () => undefined, run: () => undefined }
const labels = (of: TrayState) => trayTemplate(of, actions).map(({ label, type }) => label ?? type)

test('the icon’s menu shows the window, books, locks and quits', () => {
  expect(labels(state())).toEqual(['Show window', 'New booking…', 'Lock', 'separator', 'Quit'])
  expect(trayToolTip('Clinic', state())).toBe('Clinic')
})

test.each([
  ['en', 1, '1 change not sent yet'],
  ['en', 12, '12 changes not sent yet'],
  ['de', 12, '12 Änderungen noch nicht gesendet'],
  ['es', 1, '1 cambio sin enviar'],
  ['ar', 2, 'تغييران لم يُرسلا بعد'],
  ['ar', 11, '11 تغييرًا لم يُرسل بعد'],
])('in %s %i unsent changes read as people say it', (language, unsent, words) => {
  const of = state({ labels: labelsIn(language), unsent })
  expect(labels(of).slice(0, 2)).toEqual([words, 'separator'])
  expect(trayToolTip('Clinic', of)).toBe(`Clinic: ${words}`)
})

test('behind the lock its commands are greyed, not hidden, and quitting is always possible', () => {
  const greyed = (enabled: readonly CommandId[]) =>
    trayTemplate(state({ enabled: new Set(enabled) }), actions)
      .filter((item) => item.enabled === false)
      .map(({ label }) => label)
  expect(greyed([])).toEqual(['New booking…', 'Lock'])
  expect(greyed(['file.new-booking', 'app.lock'])).toEqual([])
})

test('choosing an item runs its command', () => {
  const ran: string[] = []
  const items = trayTemplate(state(), { show: () => ran.push('show'), run: (id) => ran.push(id) })
  for (const item of items) (item.click as (() => void) | undefined)?.()
  expect(ran).toEqual(['show', 'file.new-booking', 'app.lock'])
})
