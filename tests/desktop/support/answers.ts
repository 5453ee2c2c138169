/** Stands for the person at the screen: answers dialogs and notes what left the app. Written against Electron's own API. */
import type { DesktopApp } from './launch-desktop.ts'

type SpecGlobals = { savesAsked: { defaultPath: string }[]; openedUrls: string[] }

/** Answers every save dialog from now on. */
export async function answerSave({ app }: DesktopApp, answer: string | 'cancel'): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    const globals = globalThis as unknown as SpecGlobals
    globals.savesAsked = []
    dialog.showSaveDialog = async (...args: unknown[]) => {
      const options = args.at(-1) as { defaultPath: string }
      globals.savesAsked.push({ defaultPath: options.defaultPath })
      return path === 'cancel' ? { canceled: true, filePath: '' } : { canceled: false, filePath: path }
    }
  }, answer)
}

/** Paths that were proposed by save dialogs since `answerSave`. */
export async function listSavesAsked({ app }: DesktopApp): Promise<string[]> {
  return app.evaluate(() => (globalThis as unknown as SpecGlobals).savesAsked.map((asked) => asked.defaultPath))
}

/** Notes links instead of opening them. */
export async function catchOpenedUrls({ app }: DesktopApp): Promise<void> {
  await app.evaluate(({ shell }) => {
    const globals = globalThis as unknown as SpecGlobals
    globals.openedUrls = []
    shell.openExternal = async (url: string) => {
      globals.openedUrls.push(url)
    }
  })
}

export async function listOpenedUrls({ app }: DesktopApp): Promise<string[]> {
  return app.evaluate(() => (globalThis as unknown as SpecGlobals).openedUrls)
}
