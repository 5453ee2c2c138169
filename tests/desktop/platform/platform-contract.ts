import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlatformUnderTest } from './platform-under-test.ts'

export type TestWindow = Window & { underTest: PlatformUnderTest }

export type PlatformHost = {
  /** An empty page of the host on a device whose user called it their own. */
  readonly open: () => Promise<Page>
  readonly close: () => Promise<void>
}

const anna = { userId: 'anna', login: 'anna@clinic.example' }
const bela = { userId: 'bela', login: 'bela@clinic.example' }

/** What every implementation of `Platform` must do, tried where it really runs. */
export function describePlatform(name: string, host: PlatformHost): void {
  describe(name, () => {
    let page: Page
    let bundle = ''

    beforeAll(async () => {
      bundle = await bundlePlatform()
      page = await host.open()
      await load()
      await page.evaluate(() => (window as unknown as TestWindow).underTest.platform.keys.setOwnDevice(true))
    })
    afterAll(() => host.close())

    const load = (): Promise<unknown> => page.evaluate(bundle)
    const reload = async (): Promise<void> => {
      await page.reload()
      await load()
    }
    const enrol = (user: typeof anna, password: string, previous?: string) =>
      page.evaluate(
        async ([who, word, before]) => {
          const { platform, describe: describeKey } = (window as unknown as TestWindow).underTest
          return describeKey(await platform.keys.enrol(who, word, before ?? undefined))
        },
        [user, password, previous ?? null] as const,
      )
    const unlock = (userId: string, password: string) =>
      page.evaluate(
        async ([who, word]) => {
          const { platform, describe: describeKey } = (window as unknown as TestWindow).underTest
          return describeKey(await platform.keys.unlock(who, word))
        },
        [userId, password] as const,
      )

    test('a key made at the first log-in cannot be read out, and opens again after a reload', async () => {
      const made = await enrol(anna, 'first word')
      expect(made).toMatchObject({
        ok: true,
        isNew: true,
        extractable: false,
        algorithm: { name: 'AES-GCM', length: 256 },
        usages: ['decrypt', 'encrypt'],
      })
      await reload()
      expect(await unlock(anna.userId, 'first word')).toEqual({ ...made, isNew: false })
      expect(await enrol(anna, 'first word')).toEqual({ ...made, isNew: false })
    })

    test('a wrong password and an unknown user are told apart and open nothing', async () => {
      expect(await unlock(anna.userId, 'guess')).toEqual({ ok: false, reason: 'wrong-password' })
      expect(await unlock('nobody', 'first word')).toEqual({ ok: false, reason: 'not-enrolled' })
    })

    test('the same letters typed on another keyboard are the same password', async () => {
      const made = await enrol({ userId: 'carl', login: 'carl@clinic.example' }, 'Zo\u00eb')
      expect(await unlock('carl', 'Zoe\u0308')).toEqual({ ...made, isNew: false })
    })

    test('a password changed elsewhere takes over the key once the previous one has opened it', async () => {
      const before = await unlock(anna.userId, 'first word')
      expect(await enrol(anna, 'second word')).toEqual({ ok: false, reason: 'wrong-password' })
      expect(await enrol(anna, 'second word', 'first word')).toEqual(before)
      expect(await unlock(anna.userId, 'first word')).toEqual({ ok: false, reason: 'wrong-password' })
      expect(await unlock(anna.userId, 'second word')).toEqual(before)
    })

    test('every user has another key, and forgetting one leaves the other', async () => {
      const ofAnna = await unlock(anna.userId, 'second word')
      const ofBela = await enrol(bela, 'second word')
      expect(ofBela).not.toMatchObject({ mark: (ofAnna as { mark: string }).mark })
      const list = await page.evaluate(() => (window as unknown as TestWindow).underTest.platform.keys.list())
      expect(list).toEqual(expect.arrayContaining([anna, bela]))
      await page.evaluate(() => (window as unknown as TestWindow).underTest.platform.keys.forget('bela'))
      expect(await unlock(bela.userId, 'second word')).toEqual({ ok: false, reason: 'not-enrolled' })
      expect(await unlock(anna.userId, 'second word')).toEqual(ofAnna)
    })

    test('a session can be read again exactly where the platform says so', async () => {
      const read = await page.evaluate(async () => {
        const { platform } = (window as unknown as TestWindow).underTest
        await platform.session.set({ userId: 'anna', token: 'token-of-thirty-two-characters-xx' })
        const kept = await platform.session.get()
        await platform.session.clear()
        return { can: platform.can['bearer-session'], kept, cleared: await platform.session.get() }
      })
      const session = { userId: 'anna', token: 'token-of-thirty-two-characters-xx' }
      expect(read).toEqual({ can: read.can, kept: read.can ? session : null, cleared: null })
    })

    test('the server is an origin, and another one can be chosen exactly where the platform says so', async () => {
      const answer = await page.evaluate(async () => {
        const { platform } = (window as unknown as TestWindow).underTest
        const before = await platform.serverOrigin()
        const changed = await platform.setServer(before)
        return { can: platform.can['choose-server'], before, changed }
      })
      expect(answer.before).toMatch(/^https?:\/\/[^/]+$/)
      expect(answer.changed).toMatchObject(answer.can ? { ok: true } : { ok: false, reason: 'not-here' })
    })

    test('an address that others could read along is never taken', async () => {
      const answer = await page.evaluate(() =>
        (window as unknown as TestWindow).underTest.platform.setServer('http://clinic.example'),
      )
      expect(answer).toMatchObject({ ok: false })
    })

    test('reporting commands and leaving the listeners never fails', async () => {
      const done = await page.evaluate(async () => {
        const { platform, stopHearing } = (window as unknown as TestWindow).underTest
        await platform.reportCommands({ enabled: ['go.board'], language: 'en' })
        platform.onLock(() => undefined)()
        stopHearing()
        return true
      })
      expect(done).toBe(true)
    })

    test('saying that the device is not one’s own forgets every key', async () => {
      await page.evaluate(() => (window as unknown as TestWindow).underTest.platform.keys.setOwnDevice(false))
      const list = await page.evaluate(() => (window as unknown as TestWindow).underTest.platform.keys.list())
      expect(list).toEqual([])
      expect(await unlock(anna.userId, 'second word')).toEqual({ ok: false, reason: 'not-enrolled' })
    })
  })
}

/** The platform as one script, for pages whose policy allows no script but their own files. */
export async function bundlePlatform(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    root: import.meta.dirname,
    build: {
      write: false,
      minify: false,
      lib: { entry: 'platform-under-test.ts', formats: ['iife'], name: 'platformUnderTest' },
    },
  })
  const [first] = Array.isArray(output) ? output : []
  const chunk = first?.output.find((one) => one.type === 'chunk')
  if (chunk?.type !== 'chunk') throw new Error('the platform was not bundled')
  return chunk.code
}
