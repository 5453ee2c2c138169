/** A client of Chromium's DevTools protocol over its pipe: messages of JSON, each ended by a zero byte. */
import type { Readable, Writable } from 'node:stream'
import type { Commands, Events } from './cdp-messages.ts'

type Waiting = { method: string; resolve: (result: never) => void; reject: (error: Error) => void }
type Incoming = {
  id?: number
  method?: string
  sessionId?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}
type EventListener = (params: never) => void

export class Cdp {
  readonly #input: Writable
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<string, EventListener[]>()
  #lastId = 0
  #rest = ''

  /** @param onClose called once, when Chromium has gone */
  constructor(input: Writable, output: Readable, onClose: () => void) {
    this.#input = input
    output.setEncoding('utf8')
    output.on('data', (text: string) => this.#take(text))
    output.on('close', onClose)
    input.on('error', onClose)
  }

  /** @param sessionId the attached page; the browser itself when left out */
  send<Method extends keyof Commands>(
    method: Method,
    params: Commands[Method]['params'],
    sessionId?: string,
  ): Promise<Commands[Method]['result']> {
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject })
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  on<Method extends keyof Events>(method: Method, listener: (params: Events[Method]) => void, sessionId = ''): void {
    const key = `${sessionId}/${method}`
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener])
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\0')
    this.#rest = parts.pop() ?? ''
    for (const part of parts) this.#dispatch(JSON.parse(part) as Incoming)
  }

  #dispatch(message: Incoming): void {
    if (message.id === undefined) {
      const listeners = this.#listeners.get(`${message.sessionId ?? ''}/${message.method}`) ?? []
      for (const listener of listeners) listener(message.params as never)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`))
    else waiting?.resolve(message.result as never)
  }
}
