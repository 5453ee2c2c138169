// The suites of `npm test`. Domain and repository tests need nothing; server and sync tests may need MariaDB, RabbitMQ and
// Redis; end-to-end and desktop tests need Chromium and the built app, so they run one file at a time.
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

type Suite = { name: string; seconds: number; oneAtATime?: boolean; globalSetup?: string }

const root = import.meta.dirname
const suites: Suite[] = [
  { name: 'domain', seconds: 20 },
  { name: 'repo', seconds: 60 },
  { name: 'reports', seconds: 60 },
  { name: 'server', seconds: 180 },
  { name: 'sync', seconds: 240 },
  { name: 'renderer', seconds: 120 },
  { name: 'e2e', seconds: 300, oneAtATime: true, globalSetup: 'tests/e2e/support/seed-clinic.ts' },
  { name: 'desktop', seconds: 240, oneAtATime: true },
]

function toProject({ name, seconds, oneAtATime = false, globalSetup }: Suite) {
  return {
    test: {
      name,
      root,
      include: [`tests/${name}/**/*.test.{ts,tsx}`, `tests/${name}/**/*.e2e.ts`],
      exclude: ['tests/fixtures/**'],
      environment: 'node',
      testTimeout: seconds * 1000,
      hookTimeout: seconds * 1000,
      fileParallelism: !oneAtATime,
      maxWorkers: oneAtATime ? 1 : 2,
      env: { TZ: 'UTC' },
      ...(globalSetup && { globalSetup }),
      // What is polled for crosses processes; a busy machine gets time.
      ...(oneAtATime && { expect: { poll: { timeout: 20_000, interval: 100 } } }),
    },
  }
}

export default defineConfig({
  root,
  cacheDir: join(root, 'node_modules/.cache/vitest'),
  test: {
    projects: suites.map(toProject),
    passWithNoTests: false,
  },
})
