/** Dialogs, shell, clipboard, notifications, power: what a person or the system would answer is answered by the spec. */
import { existsSync } from 'node:fs'
import type { Menu } from './menu.ts'
import { strictEmitter, strictObject, strictStatics } from './strict.ts'

const unanswered = (name: string) => async (): Promise<never> => {
  throw new Error(`stand-in: the spec gave no answer for dialog.${name}`)
}

/** Replaced by specs, as they would be with Electron; an unanswered dialog is an error, never a silent cancel. */
export const dialog = strictObject('dialog', {
  showSaveDialog: unanswered('showSaveDialog'),
  showOpenDialog: unanswered('showOpenDialog'),
  showMessageBox: unanswered('showMessageBox'),
})

export const shell = strictObject('shell', {
  openExternal: async (url: string): Promise<void> => {
    throw new Error(`stand-in: the spec did not expect ${url} to be opened`)
  },
  /** Electron answers with what went wrong, '' for nothing. */
  openPath: async (path: string): Promise<string> => {
    throw new Error(`stand-in: the spec did not expect ${path} to be opened`)
  },
})

let clipboardText = ''
export const clipboard = strictObject('clipboard', {
  readText: () => clipboardText,
  writeText: (text: string) => {
    clipboardText = text
  },
  clear: () => {
    clipboardText = ''
  },
})

export class Notification extends strictEmitter('Notification') {
  readonly title: string
  readonly body: string

  static isSupported = () => true

  constructor({ title = '', body = '' }: { title?: string; body?: string } = {}) {
    super()
    this.title = title
    this.body = body
  }

  show(): void {
    this.emit('show')
  }

  close(): void {
    this.emit('close')
  }
}

strictStatics('Notification', Notification)

type Rectangle = { x: number; y: number; width: number; height: number }
type Display = { id: number; bounds: Rectangle; workArea: Rectangle }

/** One screen; specs replace what it answers and emit `display-removed` themselves. */
class Screen extends strictEmitter('screen') {
  getPrimaryDisplay = (): Display => {
    const whole = { x: 0, y: 0, width: 1920, height: 1080 }
    return { id: 1, bounds: whole, workArea: { ...whole, y: 28, height: 1052 } }
  }
  getAllDisplays = (): Display[] => [this.getPrimaryDisplay()]
}

export const screen = new Screen()

class PowerMonitor extends strictEmitter('powerMonitor') {
  getSystemIdleTime = () => 0
}

/** Specs emit `lock-screen`, `suspend` and the like themselves. */
export const powerMonitor = new PowerMonitor()

type NativeImage = { isEmpty: () => boolean; resize: (size: { width?: number; height?: number }) => NativeImage }

/** Empty where no file is, as Electron's is; nothing is drawn. */
function imageAt(path: string): NativeImage {
  const image: NativeImage = strictObject('NativeImage', { isEmpty: () => !existsSync(path), resize: () => image })
  return image
}

export const nativeImage = strictObject('nativeImage', { createFromPath: imageAt })

/** As in Electron, what was set cannot be read back: specs replace the setters on the prototype. */
export class Tray extends strictEmitter('Tray') {
  #isGone = false

  constructor(image: NativeImage) {
    super()
    if (image.isEmpty()) throw new Error('stand-in: the image of the tray is empty')
  }

  setToolTip(_text: string): void {}

  setContextMenu(_menu: Menu | null): void {}

  isDestroyed = () => this.#isGone

  destroy(): void {
    this.#isGone = true
  }
}

strictStatics('Tray', Tray)
