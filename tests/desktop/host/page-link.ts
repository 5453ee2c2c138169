/** One page of Chromium with the preload's world beside it: what a WebContents drives. */
import { randomUUID } from 'node:crypto'
import type { Cdp } from './cdp.ts'
import type { Events, PausedRequest } from './cdp-messages.ts'
import { chromium } from './chromium.ts'
import { report } from './host-state.ts'
import { customSchemePatterns, findHandler, toAppUrl, toChromiumUrl } from './schemes.ts'
import {
  deliverExpression,
  type FromPage,
  PRELOAD_WORLD,
  pageWorldSource,
  preloadWorldSource,
  type ToPage,
} from './worlds.ts'

export type PageOptions = {
  readonly width: number
  readonly height: number
  /** Source of the preload. */
  readonly preload: string
  readonly onMessage: (message: FromPage) => void
  readonly onNavigated: (url: string) => void
  readonly onDomReady: () => void
  readonly onLoaded: () => void
  readonly onCrashed: () => void
  /** A navigation that main did not ask for; false stops it. */
  readonly mayNavigate: (url: string, isRedirect: boolean) => boolean
}

const PRELOAD_PROCESS = {
  platform: process.platform,
  arch: process.arch,
  type: 'renderer',
  sandboxed: true,
  versions: process.versions,
  env: {},
  argv: [],
}

export class PageLink {
  readonly targetId: string
  readonly #cdp: Cdp
  readonly #session: string
  readonly #options: PageOptions
  #frameId = ''
  #preloadContext: number | undefined
  #expectedUrl: string | undefined

  private constructor(cdp: Cdp, targetId: string, session: string, options: PageOptions) {
    this.#cdp = cdp
    this.targetId = targetId
    this.#session = session
    this.#options = options
  }

  static async open(options: PageOptions): Promise<PageLink> {
    const cdp = chromium()
    const { width, height } = options
    const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank', width, height, newWindow: true })
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true })
    const link = new PageLink(cdp, targetId, sessionId, options)
    await link.#prepare()
    return link
  }

  async navigate(url: string): Promise<void> {
    this.#expectedUrl = new URL(url).toString()
    const { errorText } = await this.#cdp.send('Page.navigate', { url: toChromiumUrl(url) }, this.#session)
    if (errorText) throw new Error(`${errorText} loading '${url}'`)
  }

  async reload(): Promise<void> {
    await this.#cdp.send('Page.reload', {}, this.#session)
  }

  /** Dropped when no page with a preload is there, as Electron does. */
  async deliver(message: ToPage): Promise<void> {
    if (this.#preloadContext === undefined) return
    const params = { contextId: this.#preloadContext, expression: deliverExpression(message) }
    const { exceptionDetails } = await this.#cdp.send('Runtime.evaluate', params, this.#session)
    if (exceptionDetails) report('a message could not be delivered', exceptionDetails.text)
  }

  async close(): Promise<void> {
    await this.#cdp.send('Target.closeTarget', { targetId: this.targetId })
  }

  async #prepare(): Promise<void> {
    const session = this.#session
    const nonce = randomUUID()
    const binding = `__toHost${nonce.slice(0, 8)}`
    this.#listen(binding)
    this.#frameId = (await this.#cdp.send('Page.getFrameTree', {}, session)).frameTree.frame.id
    await this.#cdp.send('Page.enable', {}, session)
    await this.#cdp.send('Runtime.addBinding', { name: binding, executionContextName: PRELOAD_WORLD }, session)
    const source = pageWorldSource(nonce)
    await this.#cdp.send('Page.addScriptToEvaluateOnNewDocument', { source }, session)
    const preload = preloadWorldSource(nonce, binding, this.#options.preload, PRELOAD_PROCESS)
    const inWorld = { source: preload, worldName: PRELOAD_WORLD }
    await this.#cdp.send('Page.addScriptToEvaluateOnNewDocument', inWorld, session)
    await this.#cdp.send('Runtime.enable', {}, session)
    const patterns = [...customSchemePatterns(), { urlPattern: '*', resourceType: 'Document' }]
    await this.#cdp.send('Fetch.enable', { patterns }, session)
  }

  #listen(binding: string): void {
    const on = <Method extends keyof Events>(method: Method, listener: (params: Events[Method]) => void): void =>
      this.#cdp.on(method, listener, this.#session)
    on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === binding) this.#options.onMessage(JSON.parse(payload) as FromPage)
    })
    on('Runtime.executionContextCreated', ({ context }) => {
      const isOurs = context.name === PRELOAD_WORLD && context.auxData?.frameId === this.#frameId
      if (isOurs) this.#preloadContext = context.id
    })
    on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId) return
      this.#frameId = frame.id
      this.#options.onNavigated(toAppUrl(frame.url))
    })
    on('Page.domContentEventFired', this.#options.onDomReady)
    on('Page.loadEventFired', this.#options.onLoaded)
    on('Inspector.targetCrashed', this.#options.onCrashed)
    on('Fetch.requestPaused', (paused) => {
      this.#decide(paused).catch((error) => report(`answering ${paused.request.url}`, error))
    })
  }

  async #decide(paused: PausedRequest): Promise<void> {
    const { requestId, request } = paused
    const url = toAppUrl(request.url)
    const isPage = paused.resourceType === 'Document' && paused.frameId === this.#frameId
    if (isPage && url !== this.#expectedUrl && !this.#options.mayNavigate(url, 'redirectedRequestId' in paused)) {
      await this.#cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, this.#session)
      return
    }
    if (isPage) this.#expectedUrl = undefined
    const handler = findHandler(url)
    if (!handler) {
      await this.#cdp.send('Fetch.continueRequest', { requestId }, this.#session)
      return
    }
    const { method, headers, postData } = request
    const response = await handler(new Request(url, { method, headers, ...(postData ? { body: postData } : {}) }))
    await this.#fulfill(requestId, response)
  }

  async #fulfill(requestId: string, response: Response): Promise<void> {
    const params = {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    }
    await this.#cdp.send('Fetch.fulfillRequest', params, this.#session)
  }
}
