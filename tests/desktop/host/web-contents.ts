/** `webContents`: what a window shows, and the app's wires to it. */
import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { cancellable } from './events.ts'
import { report } from './host-state.ts'
import { ipcMain } from './ipc-main.ts'
import { PageLink } from './page-link.ts'
import { session } from './session.ts'
import { strictEmitter, strictObject, strictStatics } from './strict.ts'
import { createValueCodec } from './value-codec.ts'
import type { FromPage } from './worlds.ts'

export type WebPreferences = Readonly<Record<string, unknown>> & { readonly preload?: string }
type WindowOpenHandler = (details: { url: string; frameName: string; features: string; disposition: string }) => {
  action: 'allow' | 'deny'
}
type Owner = { close: () => void; isDestroyed: () => boolean; emit: (name: string) => boolean }

/** Settings that undo the sandbox or the isolation; the stand-in has no way to show such a window, and should not. */
const REFUSED: Readonly<Record<string, boolean>> = {
  nodeIntegration: true,
  nodeIntegrationInWorker: true,
  nodeIntegrationInSubFrames: true,
  webviewTag: true,
  allowRunningInsecureContent: true,
  experimentalFeatures: true,
  sandbox: false,
  contextIsolation: false,
  webSecurity: false,
}

const codec = createValueCodec()

export class WebContents extends strictEmitter('webContents') {
  static readonly #all = new Set<WebContents>()
  static #lastId = 0

  readonly id: number
  readonly session = session.defaultSession
  readonly mainFrame: { readonly url: string; readonly origin: string; readonly parent: null; readonly top: unknown }
  readonly #owner: Owner
  readonly #link: Promise<PageLink>
  #targetId: string | undefined
  #url = ''
  #wasShown = false
  #decideOnWindow: WindowOpenHandler = () => ({ action: 'allow' })

  static fromDevToolsTargetId = (targetId: string) => [...WebContents.#all].find((one) => one.#targetId === targetId)
  static getAllWebContents = () => [...WebContents.#all]

  constructor(owner: Owner, preferences: WebPreferences, size: { width: number; height: number }) {
    super()
    refuseUnsafe(preferences)
    WebContents.#lastId += 1
    this.id = WebContents.#lastId
    this.#owner = owner
    this.mainFrame = this.#describeFrame()
    WebContents.#all.add(this)
    this.#link = PageLink.open({
      ...size,
      preload: preferences.preload ? readFileSync(preferences.preload, 'utf8') : '',
      onMessage: (message) => this.#receive(message),
      onNavigated: (url) => {
        this.#url = url
        this.emit('did-navigate', cancellable(), url)
      },
      onDomReady: () => this.emit('dom-ready', cancellable()),
      onLoaded: () => this.#afterLoad(),
      onCrashed: () => this.emit('render-process-gone', cancellable(), { reason: 'crashed', exitCode: 1 }),
      mayNavigate: (url, isRedirect) => {
        const event = cancellable({ url })
        this.emit(isRedirect ? 'will-redirect' : 'will-navigate', event, url)
        return !event.defaultPrevented
      },
    })
    this.#link.then(
      (link) => {
        this.#targetId = link.targetId
      },
      (error) => report('a page could not be opened', error),
    )
  }

  getURL = () => this.#url
  isDestroyed = () => this.#owner.isDestroyed()
  close = () => this.#owner.close()
  setWindowOpenHandler = (handler: WindowOpenHandler) => {
    this.#decideOnWindow = handler
  }

  reload(): void {
    this.#withLink('reload', (link) => link.reload())
  }

  send(channel: string, ...args: unknown[]): void {
    const encoded = args.map(codec.encode)
    this.#withLink(`sending ${channel}`, (link) => link.deliver({ op: 'push', channel, args: encoded }))
  }

  async loadURL(url: string): Promise<void> {
    if (url.startsWith('file:')) throw new Error('stand-in: pages are shown from a scheme of the app, never from files')
    const link = await this.#link
    await session.defaultSession.applyPermissions(this, url)
    await link.navigate(url)
  }

  /** Called when the window has gone. */
  forget(): void {
    WebContents.#all.delete(this)
    this.#withLink('closing', (link) => link.close())
    this.emit('destroyed')
  }

  isTarget(targetId: string): boolean {
    return this.#targetId === targetId
  }

  #afterLoad(): void {
    this.emit('did-finish-load', cancellable())
    if (this.#wasShown || this.#url === 'about:blank') return
    this.#wasShown = true
    this.#owner.emit('ready-to-show')
  }

  #receive(message: FromPage): void {
    if (message.op === 'open') {
      const answer = this.#decideOnWindow({ url: message.url, frameName: '', features: '', disposition: 'new-window' })
      if (answer.action !== 'deny') throw new Error(`stand-in: a second window was allowed, for ${message.url}`)
      return
    }
    const event = { ...cancellable(), sender: this, senderFrame: this.mainFrame }
    const args = message.args.map(codec.decode)
    if (message.op === 'send') {
      ipcMain.emit(message.channel, event, ...args)
      return
    }
    const { id } = message
    ipcMain.answer(message.channel, event, args).then(
      (value) => this.#withLink('answering', (link) => link.deliver({ op: 'answer', id, value: codec.encode(value) })),
      (error: Error) =>
        this.#withLink('refusing', (link) => link.deliver({ op: 'failure', id, message: error.message })),
    )
  }

  #withLink(what: string, use: (link: PageLink) => Promise<void>): void {
    this.#link.then(use).catch((error) => {
      if (!this.isDestroyed()) report(what, error)
    })
  }

  #describeFrame() {
    const urlOf = (): string => this.#url
    const frame = strictObject('frame', {
      get url() {
        return urlOf()
      },
      get origin() {
        return urlOf().split('/').slice(0, 3).join('/')
      },
      parent: null,
      get top(): unknown {
        return frame
      },
    })
    return frame
  }
}

strictStatics('webContents', WebContents)

function refuseUnsafe(preferences: WebPreferences): void {
  for (const [name, value] of Object.entries(REFUSED)) {
    if (preferences[name] === value) throw new Error(`stand-in: windows with ${name}: ${value} are refused`)
  }
  if (preferences.preload && !isAbsolute(preferences.preload)) throw new Error('preload must be an absolute path')
}
