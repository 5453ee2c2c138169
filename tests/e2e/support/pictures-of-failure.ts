/** A failed test leaves pictures of every open page behind; the folder is printed. */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach } from 'vitest'

const open = new Set<Page>()

/** From now on the page is looked at when a test fails. */
export function watchPage(page: Page): void {
  open.add(page)
  page.on('close', () => open.delete(page))
}

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  const folder = join(tmpdir(), 'e2e-failures')
  mkdirSync(folder, { recursive: true })
  const name = `${task.file.name} ${task.name}`.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120)
  // A page that is not there any more has nothing to show.
  await Promise.allSettled(
    [...open].map((page, index) => page.screenshot({ path: join(folder, `${name}-${index + 1}.png`) })),
  )
  console.log(`Pictures: ${join(folder, name)}-*.png`)
})
