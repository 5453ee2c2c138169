/** Names the service worker and writes into it the list of files it keeps. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const WORKER = 'service-worker.js'
const PLACEHOLDER = 'APP_FILES'

/**
 * @param folder where files lie that are copied as they are
 * @throws Error when the worker has no place for the list: it would keep nothing
 */
export function appFiles(folder: string): Plugin {
  return {
    name: 'app-files',
    enforce: 'post',
    generateBundle(_, bundle) {
      const worker = bundle[WORKER]
      if (worker?.type !== 'chunk' || !worker.code.includes(PLACEHOLDER)) {
        throw new Error(`${WORKER} has no ${PLACEHOLDER} to fill`)
      }
      const below = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
      const copied = below.filter((name) => statSync(join(folder, name)).isFile())
      const built = Object.keys(bundle).filter((name) => name !== WORKER && !name.endsWith('.html'))
      const page = bundle['index.html']
      const hash = createHash('sha256').update(page?.type === 'asset' ? page.source : '')
      for (const name of copied) hash.update(readFileSync(join(folder, name)))
      const paths = [...built, ...copied].map((name) => `/${name.replaceAll('\\', '/')}`).sort()
      const version = hash.update(paths.join('\n')).digest('hex').slice(0, 16)
      worker.code = worker.code.replaceAll(PLACEHOLDER, JSON.stringify({ version, paths }))
    },
  }
}
