// Builds the three halves of the desktop app. The renderer's output is also what the sync server serves to browsers, so its
// paths start at the root.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

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
    plugins: [react(), rootPaths()],
    build: {
      minify: true,
      rolldownOptions: { input: at('src-renderer/index.html') },
    },
  },
})

/** electron-vite forces `./` in production; deep routes would then ask for their scripts in the wrong folder. */
function rootPaths(): Plugin {
  return { name: 'root-paths', enforce: 'post', config: () => ({ base: '/' }) }
}
