// Builds the three halves of the desktop app. The renderer's output is also what the sync server serves to browsers, so its
// paths start at the root.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { appFiles } from './build/app-files-plugin.ts'

const at = (path: string): string => join(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      rolldownOptions: { input: { index: at('src-main/app/main.ts') } },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      // A sandboxed preload cannot be an ES module.
      rolldownOptions: {
        input: { index: at('src-preload/bridge.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [react(), rootPaths(), appFiles(at('src-renderer/public'))],
    worker: { format: 'es', plugins: () => [withoutPagesInPdf()] },
    build: {
      minify: true,
      // One file is read from disk or from a clinic's own server; splitting it would only cost round trips.
      chunkSizeWarningLimit: 3000,
      rolldownOptions: {
        input: {
          index: at('src-renderer/index.html'),
          'service-worker': at('src-renderer/service-worker/service-worker.ts'),
        },
        // The browser finds a service worker by its address, which must not change.
        output: {
          entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
      },
    },
  },
})

/** electron-vite forces `./` in production; deep routes would then ask for their scripts in the wrong folder. */
function rootPaths(): Plugin {
  return { name: 'root-paths', enforce: 'post', config: () => ({ base: '/' }) }
}

/** jsPDF would draw whole web pages with these; reports are drawn from figures, and the worker has no page to draw. */
const PAGE_DRAWERS: ReadonlySet<string> = new Set(['html2canvas', 'dompurify', 'canvg'])

function withoutPagesInPdf(): Plugin {
  return {
    name: 'without-pages-in-pdf',
    enforce: 'pre',
    resolveId: (id) => (PAGE_DRAWERS.has(id) ? `\0${id}` : null),
    load: (id) => (PAGE_DRAWERS.has(id.replace('\0', '')) ? 'export default undefined' : null),
  }
}
