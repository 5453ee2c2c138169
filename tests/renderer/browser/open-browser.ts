/** Builds the page once and opens it in Debian's Chromium, under the product's content security policy. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { type FakeSyncService, startFakeSyncService } from '#tests/support/fake-sync-service.ts'

export type BrowserUnderTest = {
  readonly service: FakeSyncService
  /** A new profile: nothing kept, nothing shared. */
  readonly newProfile: () => Promise<BrowserContext>
  /** Another tab of a profile. */
  readonly newTab: (profile: BrowserContext) => Promise<Page>
  /** Everything a tab complained about. */
  readonly complaintsOf: (tab: Page) => readonly string[]
  readonly close: () => Promise<void>
}

const SWITCHES = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update']

/** How Debian's Chromium is started. */
export const CHROMIUM = {
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: SWITCHES,
  chromiumSandbox: process.getuid?.() !== 0,
}

/**
 * Builds a page into a folder of its own, which its caller removes.
 * @param root where its `index.html` lies
 */
export async function buildPage(root = import.meta.dirname): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'local-db-page-'))
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, minify: false },
  })
  return folder
}

export async function openBrowser(): Promise<BrowserUnderTest> {
  const folder = await buildPage()
  const service = await startFakeSyncService(folder)
  const browser: Browser = await chromium.launch(CHROMIUM)
  const complaints = new WeakMap<Page, string[]>()
  return {
    service,
    complaintsOf: (tab) => complaints.get(tab) ?? [],
    newProfile: () => browser.newContext(),
    newTab: async (profile) => {
      const page = await profile.newPage()
      const heard: string[] = []
      complaints.set(page, heard)
      page.on('pageerror', (error) => heard.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') heard.push(message.text())
      })
      await page.goto(service.url)
      await page.waitForFunction(() => 'local' in window)
      return page
    },
    close: async () => {
      await browser.close()
      await service.close()
      rmSync(folder, { recursive: true })
    },
  }
}
