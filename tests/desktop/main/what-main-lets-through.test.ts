import type { IpcMain, IpcMainInvokeEvent, Session } from 'electron'
import { expect, test } from 'vitest'
import { toFileName } from '#main/files/file-name.ts'
import { type Handlers, registerHandlers } from '#main/ipc/handle.ts'
import { isAppUrl } from '#main/windows/app-address.ts'
import { mayOpenOutside } from '#main/windows/outside-links.ts'
import { allowOnlyNeededPermissions, isAllowed } from '#main/windows/permissions.ts'
import { INVOKE_NAMES } from '#preload/channels.ts'
import { INVOKE_PAYLOADS } from '#preload/contract.ts'

type Details = { requestingUrl: string; isMainFrame: boolean }
type RequestHandler = (contents: null, name: string, answer: (is: boolean) => void, details: Details) => void
type CheckHandler = (contents: null, name: string, origin: string) => boolean

test.each(['app://clinic', 'app://clinic/', 'app://clinic/board?day=1'])('%s is our page', (url) => {
  expect(isAppUrl(url)).toBe(true)
})

test.each(['', 'about:blank', 'app://clinic.evil/', 'app://evil/app://clinic/', 'http://clinic/', 'file:///clinic'])(
  '%j is not our page',
  (url) => {
    expect(isAppUrl(url)).toBe(false)
  },
)

test.each(['https://example.org/help', 'mailto:desk@clinic.example'])('%s may be opened outside', (url) => {
  expect(mayOpenOutside(url)).toBe(true)
})

test.each([
  'http://example.org/',
  'file:///etc/passwd',
  'smb://server/share',
  'javascript:alert(1)',
  'ms-msdt:/id',
  '',
])('%j is never opened outside', (url) => {
  expect(mayOpenOutside(url)).toBe(false)
})

test('a link that carries a password is not opened', () => {
  expect(mayOpenOutside('https://clinic.example:443@evil.example/')).toBe(false)
})

test('our page has exactly four permissions, and no other page has any', () => {
  const names = ['notifications', 'clipboard-sanitized-write', 'local-network', 'loopback-network']
  const others = ['clipboard-read', 'geolocation', 'media', 'midi', 'fullscreen', 'openExternal', 'hid', 'unknown']
  expect([...names, ...others].filter((name) => isAllowed(name, 'app://clinic/'))).toEqual(names)
  expect(names.filter((name) => isAllowed(name, 'https://clinic.example/'))).toEqual([])
})

test('both permission handlers are set, devices are refused, and downloads never start', () => {
  const answers: unknown[] = []
  const details = { requestingUrl: 'app://clinic/', isMainFrame: true }
  const listeners: Record<string, (event: { preventDefault: () => void }) => void> = {}
  const session = {
    setPermissionRequestHandler: (handler: RequestHandler) => {
      for (const name of ['notifications', 'geolocation']) handler(null, name, (is) => answers.push(is), details)
    },
    setPermissionCheckHandler: (handler: CheckHandler) => {
      for (const name of ['notifications', 'geolocation']) answers.push(handler(null, name, 'app://clinic/'))
    },
    setDevicePermissionHandler: (handler: () => boolean) => answers.push(handler()),
    on: (name: string, listener: (event: { preventDefault: () => void }) => void) => {
      listeners[name] = listener
    },
  }
  allowOnlyNeededPermissions(session as unknown as Session)
  listeners['will-download']?.({ preventDefault: () => answers.push('download stopped') })
  expect(answers).toEqual([true, false, true, false, false, 'download stopped'])
})

test.each([
  ['day list', 'csv', 'day list.csv'],
  ['day list.csv', 'csv', 'day list.csv'],
  ['../../etc/passwd', 'csv', '-..-etc-passwd.csv'],
  ['C:\\Windows\\x', 'pdf', 'C--Windows-x.pdf'],
  ['.bashrc', 'txt', 'bashrc.txt'],
  ['photo\u202Egpj.exe', 'pdf', 'photo-gpj.exe.pdf'],
  ['...', 'csv', 'document.csv'],
] as const)('the suggested name %j for a %s becomes %j', (suggested, kind, name) => {
  expect(toFileName(suggested, kind)).toBe(name)
})

test('the names in the preload are the channels of the contract', () => {
  expect([...INVOKE_NAMES].sort()).toEqual(Object.keys(INVOKE_PAYLOADS).sort())
})

type Invoke = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown

/** Registers handlers that answer with what they got, and calls one of them. */
function invoke(channel: string, args: unknown[], frame: object | null = topFrame('app://clinic/')): unknown {
  const registered = new Map<string, Invoke>()
  const ipcMain = { handle: (name: string, handler: Invoke) => registered.set(name, handler) }
  const handlers = Object.fromEntries(INVOKE_NAMES.map((name) => [name, (payload: unknown) => payload]))
  registerHandlers(ipcMain as unknown as IpcMain, handlers as unknown as Handlers)
  const event = { sender: { getURL: () => 'https://evil.example/' }, senderFrame: frame }
  return registered.get(channel)?.(event as unknown as IpcMainInvokeEvent, ...args)
}

const topFrame = (url: string): object => ({ url, parent: null })

test('a payload that fits reaches its handler', () => {
  expect(invoke('server:set', [{ url: 'https://a.example' }])).toEqual({ url: 'https://a.example' })
})

test.each([
  ['a missing payload', []],
  ['a wrong type', [{ url: 3 }]],
  ['an unknown field', [{ url: 'https://a.example', path: '/etc' }]],
  ['a second argument', [{ url: 'https://a.example' }, 1]],
  ['null', [null]],
])('%s is refused, and the refusal repeats nothing of it', (_what, args) => {
  expect(() => invoke('server:set', args)).toThrow(/^refused: malformed payload$/)
})

test('a user id that could be a path is refused', () => {
  expect(() => invoke('secrets:forget', [{ userId: '../x' }])).toThrow('refused')
})

test('a file may be text or bytes, and nothing else', () => {
  const file = { suggestedName: 'a', kind: 'csv' }
  expect(() => invoke('file:save', [{ ...file, content: 'text' }])).not.toThrow()
  expect(() => invoke('file:save', [{ ...file, content: new Uint8Array(2) }])).not.toThrow()
  expect(() => invoke('file:save', [{ ...file, content: { length: 2 } }])).toThrow('refused')
  expect(() => invoke('file:save', [{ ...file, content: 'x', path: 'elsewhere/x' }])).toThrow('refused')
})

test.each([
  ['another page', topFrame('https://evil.example/')],
  ['a frame inside our page', { url: 'app://clinic/', parent: topFrame('app://clinic/') }],
  ['a frame that has gone', null],
  ['a page without an address yet', topFrame('')],
])('%s is refused', (_who, frame) => {
  expect(() => invoke('app:info', [{}], frame)).toThrow('refused: not the application page')
})
