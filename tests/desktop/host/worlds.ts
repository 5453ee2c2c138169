/**
 * The page's side of the stand-in. Electron runs the preload in an isolated world of the page; so do we, with Chromium's own
 * isolated worlds, and `contextBridge` crosses between the two by DOM events whose names hold a nonce.
 *
 * The functions below are injected as source text, so each may use only its arguments and the page's globals.
 */
import { createValueCodec, type ValueCodec, type Wire } from './value-codec.ts'

export const PRELOAD_WORLD = 'electron-preload'

/** From the page to the host. */
export type FromPage =
  | { op: 'invoke'; id: number; channel: string; args: Wire[] }
  | { op: 'send'; channel: string; args: Wire[] }
  | { op: 'open'; url: string }

/** From the host to the preload. */
export type ToPage =
  | { op: 'push'; channel: string; args: Wire[] }
  | { op: 'answer'; id: number; value: Wire }
  | { op: 'failure'; id: number; message: string }

/** Source to run in the page's own world before its scripts. */
export function pageWorldSource(nonce: string): string {
  return `if (window === window.top) (${installPage})((${createCrossing})('page', 'preload', ${JSON.stringify(nonce)}))`
}

/** Source to run in the preload's world: the host's half of `electron`, then the preload itself with nothing else to require. */
export function preloadWorldSource(nonce: string, binding: string, preload: string, process: object): string {
  const crossing = `(${createCrossing})('preload', 'page', ${JSON.stringify(nonce)})`
  const electron = `(${installPreload})(${crossing}, (${createValueCodec})(), ${JSON.stringify(binding)})`
  return `if (window === window.top && location.href !== 'about:blank') {
    const electron = ${electron};
    const require = (id) => { if (id === 'electron') return electron; throw new Error('module not found: ' + id) };
    (function (require, process, module, exports) { ${preload}\n })(require, ${JSON.stringify(process)}, { exports: {} }, {});
  }`
}

/** Expression that hands a message to the preload's world. */
export function deliverExpression(message: ToPage): string {
  return `__fromHost(${JSON.stringify(JSON.stringify(message))})`
}

type Packed =
  | { callable: number }
  | { promise: number }
  | { list: Packed[] }
  | { fields: [string, Packed][] }
  | { value: unknown }
type Outcome = { id: number; ok: Packed } | { id: number; error: string }
type Call = { id: number; callable: number; args: Packed[] }

export type Crossing = {
  readonly emit: (type: string, detail: unknown) => void
  readonly on: <Detail>(type: string, listener: (detail: Detail) => void) => void
  readonly pack: (value: unknown) => Packed
  readonly unpack: (packed: Packed, isFrozen?: boolean) => unknown
}

/** Both ends of `contextBridge`: values are copied, functions become handles that call across and answer at once. */
function createCrossing(world: string, other: string, nonce: string): Crossing {
  const callables = new Map<number, (...args: unknown[]) => unknown>()
  const waiting = new Map<string, (outcome: Outcome) => void>()
  let lastId = 0

  const emit = (type: string, detail: unknown): void => {
    window.dispatchEvent(new CustomEvent(`${nonce}:${other}:${type}`, { detail }))
  }
  const on = <Detail>(type: string, listener: (detail: Detail) => void): void => {
    window.addEventListener(`${nonce}:${world}:${type}`, (event) => listener((event as CustomEvent<Detail>).detail))
  }
  const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

  const pack = (value: unknown): Packed => {
    if (typeof value === 'function') {
      lastId += 1
      callables.set(lastId, value as (...args: unknown[]) => unknown)
      return { callable: lastId }
    }
    if (value instanceof Promise) return packPromise(value)
    if (Array.isArray(value)) return { list: value.map(pack) }
    const prototype = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined
    if (prototype === Object.prototype || prototype === null) {
      return { fields: Object.entries(value as object).map(([key, item]) => [key, pack(item)]) }
    }
    if (typeof value === 'symbol') throw new TypeError('An object could not be cloned.')
    return { value: structuredClone(value) }
  }
  const packPromise = (promise: Promise<unknown>): Packed => {
    lastId += 1
    const id = lastId
    promise.then(
      (result) => emit('settled', { id, ok: pack(result) }),
      (error) => emit('settled', { id, error: messageOf(error) }),
    )
    return { promise: id }
  }

  const unpack = (packed: Packed, isFrozen = false): unknown => {
    if ('callable' in packed) return (...args: unknown[]) => callAcross(packed.callable, args)
    if ('promise' in packed) return promiseOf(packed.promise)
    if ('list' in packed) return packed.list.map((item) => unpack(item, isFrozen))
    if ('value' in packed) return packed.value
    const fields = Object.fromEntries(packed.fields.map(([key, item]) => [key, unpack(item, isFrozen)]))
    return isFrozen ? Object.freeze(fields) : fields
  }
  const callAcross = (callable: number, args: unknown[]): unknown => {
    lastId += 1
    const id = lastId
    const outcomes: Outcome[] = []
    waiting.set(`call ${id}`, (outcome) => outcomes.push(outcome))
    emit('call', { id, callable, args: args.map(pack) })
    waiting.delete(`call ${id}`)
    const outcome = outcomes[0]
    if (!outcome) throw new Error('the other world did not answer')
    if ('error' in outcome) throw new Error(outcome.error)
    return unpack(outcome.ok)
  }
  const promiseOf = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(`promise ${id}`, (outcome) => {
        waiting.delete(`promise ${id}`)
        if ('error' in outcome) reject(new Error(outcome.error))
        else resolve(unpack(outcome.ok))
      })
    })

  on<Call>('call', ({ id, callable, args }) => {
    try {
      emit('returned', { id, ok: pack(callables.get(callable)?.(...args.map((item) => unpack(item)))) })
    } catch (error) {
      emit('returned', { id, error: messageOf(error) })
    }
  })
  on<Outcome>('returned', (outcome) => waiting.get(`call ${outcome.id}`)?.(outcome))
  on<Outcome>('settled', (outcome) => waiting.get(`promise ${outcome.id}`)?.(outcome))
  return { emit, on, pack, unpack }
}

/** The page's own world: takes what the preload exposes, and sends every new window to the host for judgement. */
function installPage(crossing: Crossing): void {
  crossing.on<{ key: string; api: Packed }>('expose', ({ key, api }) => {
    const value = crossing.unpack(api, true)
    Object.defineProperty(window, key, { value, enumerable: true, writable: false, configurable: false })
  })
  const open = (url?: string | URL): null => {
    crossing.emit('open', String(new URL(url || 'about:blank', location.href)))
    return null
  }
  window.open = open
  const openLink = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a[target=_blank]') : null
    if (!(link instanceof HTMLAnchorElement)) return
    event.preventDefault()
    open(link.href)
  }
  window.addEventListener('click', openLink, true)
}

type Listener = (event: object, ...args: unknown[]) => void

/** The preload's world: Electron's renderer half over a pipe of text. */
function installPreload(crossing: Crossing, codec: ValueCodec, binding: string): object {
  const globals = globalThis as unknown as Record<string, (text: string) => void>
  const toHost = (message: FromPage): void => globals[binding]?.(JSON.stringify(message))
  const listeners = new Map<string, Listener[]>()
  const calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let lastId = 0

  const refusing = <Value extends object>(name: string, value: Value): Value =>
    new Proxy(value, {
      get(target, key, receiver) {
        if (key in target || typeof key === 'symbol') return Reflect.get(target, key, receiver)
        throw new Error(`stand-in: ${name}.${key} is not implemented`)
      },
    })

  const ipcRenderer = refusing('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const encoded = args.map(codec.encode)
        lastId += 1
        calls.set(lastId, { resolve, reject })
        toHost({ op: 'invoke', id: lastId, channel, args: encoded })
      }),
    send: (channel: string, ...args: unknown[]) => toHost({ op: 'send', channel, args: args.map(codec.encode) }),
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    },
    off: (channel: string, listener: Listener) => {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((known) => known !== listener),
      )
    },
  })

  const receive = (text: string): void => {
    const message = JSON.parse(text) as ToPage
    if (message.op === 'push') {
      const args = message.args.map(codec.decode)
      for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer, ports: [] }, ...args)
      return
    }
    const call = calls.get(message.id)
    calls.delete(message.id)
    if (message.op === 'failure') call?.reject(new Error(message.message))
    else call?.resolve(codec.decode(message.value))
  }
  globals.__fromHost = receive
  crossing.on<string>('open', (url) => toHost({ op: 'open', url }))

  const contextBridge = refusing('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => crossing.emit('expose', { key, api: crossing.pack(api) }),
  })
  return refusing('electron (renderer half)', { contextBridge, ipcRenderer })
}
