import { app } from './app.ts'
import { chromium } from './chromium.ts'
import { cancellable } from './events.ts'
import { strictEmitter, strictStatics } from './strict.ts'
import { WebContents, type WebPreferences } from './web-contents.ts'

type Rectangle = { x: number; y: number; width: number; height: number }

export type WindowOptions = {
  readonly x?: number
  readonly y?: number
  readonly width?: number
  readonly height?: number
  readonly show?: boolean
  readonly title?: string
  readonly webPreferences?: WebPreferences
}

export class BrowserWindow extends strictEmitter('BrowserWindow') {
  static readonly #all = new Set<BrowserWindow>()
  static #focused: BrowserWindow | undefined
  static #lastId = 0

  readonly id: number
  readonly webContents: WebContents
  #isVisible: boolean
  #isMinimized = false
  #isMaximized = false
  #bounds: Rectangle
  #isGone = false

  static getAllWindows = () => [...BrowserWindow.#all]
  static getFocusedWindow = () => BrowserWindow.#focused ?? null
  static fromId = (id: number) => [...BrowserWindow.#all].find((window) => window.id === id) ?? null
  static fromWebContents = (contents: WebContents) =>
    [...BrowserWindow.#all].find((window) => window.webContents === contents) ?? null

  constructor(options: WindowOptions = {}) {
    super()
    BrowserWindow.#lastId += 1
    this.id = BrowserWindow.#lastId
    this.#isVisible = options.show !== false
    const size = { width: options.width ?? 800, height: options.height ?? 600 }
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, ...size }
    this.webContents = new WebContents(this, options.webPreferences ?? {}, size)
    BrowserWindow.#all.add(this)
    app.emit('web-contents-created', cancellable(), this.webContents)
    app.emit('browser-window-created', cancellable(), this)
  }

  loadURL = (url: string) => this.webContents.loadURL(url)
  isVisible = () => this.#isVisible
  isMinimized = () => this.#isMinimized
  isMaximized = () => this.#isMaximized
  /** Where the window stands when it is neither maximised nor minimised. */
  getNormalBounds = () => ({ ...this.#bounds })
  isFocused = () => BrowserWindow.#focused === this
  isDestroyed = () => this.#isGone

  show(): void {
    this.#isVisible = true
    this.emit('show')
    this.focus()
  }

  hide(): void {
    this.#isVisible = false
    this.emit('hide')
  }

  focus(): void {
    BrowserWindow.#focused = this
    this.emit('focus')
  }

  blur(): void {
    if (this.isFocused()) BrowserWindow.#focused = undefined
    this.emit('blur')
  }

  minimize(): void {
    this.#isMinimized = true
    this.emit('minimize')
  }

  restore(): void {
    this.#isMinimized = false
    this.emit('restore')
  }

  maximize(): void {
    this.#isMaximized = true
    this.emit('maximize')
  }

  unmaximize(): void {
    this.#isMaximized = false
    this.emit('unmaximize')
  }

  /** Kept as data: the page of the stand-in keeps the size it was opened with. */
  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds }
    this.emit('move')
    this.emit('resize')
  }

  close(): void {
    if (this.#isGone) return
    const event = cancellable()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }

  destroy(): void {
    if (this.#isGone) return
    this.#isGone = true
    BrowserWindow.#all.delete(this)
    if (this.isFocused()) BrowserWindow.#focused = undefined
    this.webContents.forget()
    this.emit('closed')
    if (BrowserWindow.#all.size > 0) return
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed')
    else app.quit()
  }

  /** A page closed by itself, or by playwright, takes its window along. */
  static watchClosedPages(): void {
    chromium().on('Target.targetDestroyed', ({ targetId }) => {
      for (const window of BrowserWindow.#all) if (window.webContents.isTarget(targetId)) window.destroy()
    })
  }
}

strictStatics('BrowserWindow', BrowserWindow)
