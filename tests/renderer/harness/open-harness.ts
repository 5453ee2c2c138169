/** Builds the harness pages once and opens them in Chromium; no server of ours takes part. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import react from '@vitejs/plugin-react'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'

export type Harness = {
  /** `grid`: the TimeGrid alone; `clinic`: the whole workspace over the demo clinic in memory. */
  readonly open: (page: 'grid' | 'clinic', query?: Readonly<Record<string, string>>) => Promise<Page>
  readonly close: () => Promise<void>
}

const PAGES = { grid: 'index', clinic: 'demo-clinic' } as const
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
}

/**
 * @param isProfiled the production build of React that still counts what it draws
 * @param patienceMs how long a page may take to stand
 */
export async function openHarness({ isProfiled = false, patienceMs = 30_000 } = {}): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'harness-'))
  const pageFile = (name: string): string => join(import.meta.dirname, `${name}.html`)
  await build({
    configFile: false,
    root: import.meta.dirname,
    plugins: [react()],
    ...(isProfiled && {
      mode: 'production',
      define: { 'process.env.NODE_ENV': '"production"' },
      resolve: { alias: { 'react-dom/client': 'react-dom/profiling' } },
    }),
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      target: 'es2024',
      chunkSizeWarningLimit: 8_000,
      rolldownOptions: { input: Object.values(PAGES).map(pageFile) },
    },
  })
  const server = await serve(folder)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
    chromiumSandbox: process.getuid?.() !== 0,
  })
  const { port } = server.address() as AddressInfo
  return {
    open: async (name, query = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        timezoneId: 'Europe/London',
        locale: 'en-GB',
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${port}/${PAGES[name]}.html?${new URLSearchParams(query)}`)
      await page.locator('main').first().waitFor({ timeout: patienceMs })
      return page
    },
    close: async () => {
      await browser.close()
      server.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://harness')
    try {
      const body = readFileSync(join(folder, pathname))
      response.setHeader('content-type', TYPES[extname(pathname)] ?? 'application/octet-stream').end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
