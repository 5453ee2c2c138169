import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseServerAddress } from '#main/app/server-address.ts'
import { createSettings } from '#main/app/settings.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

test.each([
  ['https://clinic.example', 'https://clinic.example'],
  ['https://clinic.example:8443/', 'https://clinic.example:8443'],
  [' http://127.0.0.1:4180 ', 'http://127.0.0.1:4180'],
  ['http://localhost:4180', 'http://localhost:4180'],
  ['http://[::1]:4180', 'http://[::1]:4180'],
])('%j is taken as %s', (text, origin) => {
  expect(parseServerAddress(text)).toEqual({ ok: true, origin })
})

test.each([
  'http://clinic.example',
  'http://192.168.1.10:4180',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example',
])('%s is refused, because others on the network could read along', (text) => {
  expect(parseServerAddress(text)).toEqual({ ok: false, reason: 'not-encrypted' })
})

test.each([
  '',
  'clinic.example',
  'ftp://clinic.example',
  'javascript:alert(1)',
  'https://user:secret@clinic.example',
  'https://clinic.example/path',
  'https://clinic.example/?next=1',
])('%j is refused as no server address', (text) => {
  expect(parseServerAddress(text)).toEqual({ ok: false, reason: 'not-a-server-address' })
})

const settingsFile = (): string => join(temporaryFolder('settings'), 'settings.json')

test('the address comes from the environment until one is chosen, and the chosen one is kept', async () => {
  const file = settingsFile()
  const settings = createSettings(file, 'http://127.0.0.1:5000')
  expect(settings.serverOrigin()).toBe('http://127.0.0.1:5000')
  await settings.setServer('https://clinic.example/')
  expect(settings.serverOrigin()).toBe('https://clinic.example')
  expect(createSettings(file, 'http://127.0.0.1:5000').serverOrigin()).toBe('https://clinic.example')
})

test('a refused address changes nothing', async () => {
  const file = settingsFile()
  const settings = createSettings(file, undefined)
  expect(await settings.setServer('http://clinic.example')).toEqual({ ok: false, reason: 'not-encrypted' })
  expect(settings.serverOrigin()).toBe('http://127.0.0.1:4180')
  expect(() => readFileSync(file)).toThrow('ENOENT')
})

test.each(['', '{', '{"serverOrigin":3}', '{"serverOrigin":"http://clinic.example"}'])(
  'a settings file that holds %j counts as absent',
  (content) => {
    const file = settingsFile()
    writeFileSync(file, content)
    expect(createSettings(file, undefined).serverOrigin()).toBe('http://127.0.0.1:4180')
  },
)

test('a refused address in the environment stops the start with its reason', () => {
  expect(() => createSettings(settingsFile(), 'http://clinic.example')).toThrow('not-encrypted')
})
