import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { createDataKeys } from '#main/secrets/data-keys.ts'
import type { Keyring } from '#main/secrets/keyring.ts'
import { createSessionVault } from '#main/secrets/session-vault.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

const SERVER = 'https://clinic.example'
const anna = { userId: 'anna', login: 'anna@clinic.example', password: 'correct horse' }

let folder = ''
beforeEach(() => {
  folder = temporaryFolder('secrets')
})

/** Seals by turning every bit; opens only what it sealed. */
const keyring = (isSafe = true): Keyring => {
  const turn = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff)
  return {
    isSafe: async () => isSafe,
    seal: async (text) => turn(Buffer.from(text)),
    open: async (sealed) => Buffer.from(turn(sealed)).toString(),
  }
}

test('the key made at the first log-in is the one found at every later one', async () => {
  const keys = createDataKeys(folder, keyring())
  const first = await keys.enrol(SERVER, anna)
  const second = await createDataKeys(folder, keyring()).enrol(SERVER, anna)
  const unlocked = await keys.unlock(SERVER, anna)
  expect(first).toMatchObject({ ok: true, isNew: true })
  expect(second).toEqual({ ...first, isNew: false })
  expect(unlocked).toEqual({ ...first, isNew: false })
  expect(first.ok && first.key.length).toBe(32)
})

test('another password opens nothing and replaces nothing', async () => {
  const keys = createDataKeys(folder, keyring())
  const first = await keys.enrol(SERVER, anna)
  const wrong = { ...anna, password: 'guess' }
  expect(await keys.unlock(SERVER, wrong)).toEqual({ ok: false, reason: 'wrong-password' })
  expect(await keys.enrol(SERVER, wrong)).toEqual({ ok: false, reason: 'wrong-password' })
  expect(await keys.unlock(SERVER, anna)).toEqual({ ...first, isNew: false })
})

test('a password changed elsewhere takes over the key with the help of the previous one', async () => {
  const keys = createDataKeys(folder, keyring())
  const first = await keys.enrol(SERVER, anna)
  const changed = { ...anna, password: 'new word' }
  const wrapped = await keys.enrol(SERVER, { ...changed, previousPassword: anna.password })
  expect(wrapped).toEqual({ ...first, isNew: false })
  expect(await keys.unlock(SERVER, changed)).toEqual({ ...first, isNew: false })
  expect(await keys.unlock(SERVER, anna)).toEqual({ ok: false, reason: 'wrong-password' })
})

test('every user and every server has another key', async () => {
  const keys = createDataKeys(folder, keyring())
  const answers = [
    await keys.enrol(SERVER, anna),
    await keys.enrol(SERVER, { ...anna, userId: 'bela' }),
    await keys.enrol('https://other.example', anna),
  ]
  const texts = answers.map((answer) => (answer.ok ? Buffer.from(answer.key).toString('hex') : ''))
  expect(new Set(texts).size).toBe(3)
  expect((await keys.list(SERVER)).map((one) => one.userId).sort()).toEqual(['anna', 'bela'])
})

test('a forgotten key is gone, and the next log-in makes another', async () => {
  const keys = createDataKeys(folder, keyring())
  const first = await keys.enrol(SERVER, anna)
  expect(await keys.forget(SERVER, anna.userId)).toBe(true)
  expect(await keys.forget(SERVER, anna.userId)).toBe(false)
  expect(await keys.unlock(SERVER, anna)).toEqual({ ok: false, reason: 'not-enrolled' })
  expect(await keys.enrol(SERVER, anna)).not.toEqual(first)
})

test('a damaged key file is said to be damaged and left as it is', async () => {
  const keys = createDataKeys(folder, keyring())
  await keys.enrol(SERVER, anna)
  const path = join(folder, readdirSync(folder)[0] ?? '')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.subarray(0, -5))
  expect(await keys.unlock(SERVER, anna)).toEqual({ ok: false, reason: 'damaged' })
  expect(await keys.enrol(SERVER, anna)).toEqual({ ok: false, reason: 'damaged' })
  expect(readFileSync(path)).toEqual(bytes.subarray(0, -5))
})

test('without a safe keyring no key is made', async () => {
  const keys = createDataKeys(folder, keyring(false))
  expect(await keys.enrol(SERVER, anna)).toEqual({ ok: false, reason: 'no-keyring' })
  expect(await keys.unlock(SERVER, anna)).toEqual({ ok: false, reason: 'no-keyring' })
  expect(readdirSync(folder)).toEqual([])
})

test('nothing on disk is readable by others or holds the password, the key or a name', async () => {
  const keys = createDataKeys(folder, keyring())
  const answer = await keys.enrol(SERVER, anna)
  const path = join(folder, readdirSync(folder)[0] ?? '')
  expect(statSync(path).mode & 0o077).toBe(0)
  const opened = await keyring().open(readFileSync(path))
  expect(readFileSync(path, 'latin1')).not.toContain('anna')
  expect(opened).not.toContain(anna.password)
  expect(opened).not.toContain(answer.ok ? Buffer.from(answer.key).toString('base64') : 'x')
})

const session = { userId: 'anna', token: 'token-of-thirty-two-characters-xx' }

test('a session is found again after a restart, by its own server only', async () => {
  const path = join(folder, 'session.bin')
  expect(await createSessionVault(path, keyring()).set(SERVER, session)).toEqual({ kept: 'encrypted' })
  const restarted = createSessionVault(path, keyring())
  expect(await restarted.get(SERVER)).toEqual(session)
  expect(await restarted.get('https://other.example')).toBeNull()
  expect(readFileSync(path, 'latin1')).not.toContain('token')
})

test('without a safe keyring a session lives until the app ends', async () => {
  const path = join(folder, 'session.bin')
  const vault = createSessionVault(path, keyring(false))
  expect(await vault.set(SERVER, session)).toEqual({ kept: 'until-quit' })
  expect(await vault.get(SERVER)).toEqual(session)
  expect(await createSessionVault(path, keyring(false)).get(SERVER)).toBeNull()
  expect(readdirSync(folder)).toEqual([])
})

test('a cleared session is gone from disk and from memory', async () => {
  const path = join(folder, 'session.bin')
  const vault = createSessionVault(path, keyring())
  await vault.set(SERVER, session)
  await vault.clear()
  expect(await vault.get(SERVER)).toBeNull()
  expect(await createSessionVault(path, keyring()).get(SERVER)).toBeNull()
})

test('a session file that cannot be opened counts as none', async () => {
  const path = join(folder, 'session.bin')
  writeFileSync(path, 'noise')
  expect(await createSessionVault(path, keyring()).get(SERVER)).toBeNull()
})
