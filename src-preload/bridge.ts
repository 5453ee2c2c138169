/** Runs sandboxed before the page: exposes `window.desktop` and nothing else. */
import { contextBridge, ipcRenderer } from 'electron'
import { INVOKE_NAMES, PUSH_NAMES } from './channels.ts'
import type { DesktopBridge } from './contract.ts'

const bridge: DesktopBridge = {
  invoke: (channel, payload) => {
    if (!INVOKE_NAMES.includes(channel)) return Promise.reject(new Error(`no such channel: ${channel}`))
    return ipcRenderer.invoke(channel, payload)
  },
  on: (channel, listener) => {
    if (!PUSH_NAMES.includes(channel)) throw new Error(`no such channel: ${channel}`)
    // The event object stays here: it holds `sender`, with which a page could reach every channel.
    const receive = (_event: unknown, push: Parameters<typeof listener>[0]): void => listener(push)
    ipcRenderer.on(channel, receive)
    return () => {
      ipcRenderer.off(channel, receive)
    }
  },
}

contextBridge.exposeInMainWorld('desktop', Object.freeze(bridge))
