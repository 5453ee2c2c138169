import { strictEmitter } from './strict.ts'

export type InvokeHandler = (event: object, ...args: unknown[]) => unknown

class IpcMain extends strictEmitter('ipcMain') {
  readonly #handlers = new Map<string, InvokeHandler>()

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  /** What `ipcRenderer.invoke` leads to; the page sees refusals in Electron's words. */
  async answer(channel: string, event: object, args: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel)
    try {
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      return await handler(event, ...args)
    } catch (cause) {
      throw new Error(`Error invoking remote method '${channel}': ${cause}`, { cause })
    }
  }
}

export const ipcMain = new IpcMain()
