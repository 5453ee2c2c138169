import type { DesktopBridge, KeyAnswer } from '#preload/contract.ts'
import { importDataKey } from './data-key.ts'
import { askForNotices, noticeLeave, showNotice } from './show-notice.ts'
import type { KeyResult, KeyStore, Platform, SessionStore } from './types.ts'

/** The page inside the desktop app: the host keeps secrets, asks where files go and draws the menu. */
export function createDesktopPlatform(bridge: DesktopBridge): Platform {
  return {
    kind: 'desktop',
    can: {
      'native-menu': true,
      'save-dialog': true,
      'bearer-session': true,
      'choose-server': true,
      'lock-signal': true,
    },
    serverOrigin: async () => (await bridge.invoke('server:get', {})).origin,
    setServer: async (url) => {
      const answer = await bridge.invoke('server:set', { url })
      return answer.ok ? { ok: true } : answer
    },
    session: createSessionStore(bridge),
    keys: createKeyStore(bridge),
    saveFile: ({ name, kind, content }) => bridge.invoke('file:save', { suggestedName: name, kind, content }),
    print: async () => window.print(),
    notify: showNotice,
    noticeLeave,
    askForNotices,
    onCommand: (listener) => bridge.on('command', ({ id }) => listener(id)),
    onLock: (listener) => bridge.on('lock', ({ reason }) => listener(reason)),
    onLink: (listener) => bridge.on('link', () => listener()),
    takeLink: () => bridge.invoke('link:take', {}),
    reportUnsent: async (count) => {
      await bridge.invoke('unsent:report', { count })
    },
    reportCommands: async ({ enabled, language }) => {
      await bridge.invoke('commands:state', { enabled: [...enabled], language })
    },
  }
}

function createSessionStore(bridge: DesktopBridge): SessionStore {
  return {
    get: () => bridge.invoke('session:get', {}),
    set: async ({ userId, token }) => {
      await bridge.invoke('session:set', { userId, token })
    },
    clear: async () => {
      await bridge.invoke('session:clear', {})
    },
  }
}

function createKeyStore(bridge: DesktopBridge): KeyStore {
  return {
    isOwnDevice: async () => true,
    setOwnDevice: async (isOwn) => {
      if (isOwn) return
      const enrolments = await bridge.invoke('secrets:list', {})
      await Promise.all(enrolments.map(({ userId }) => bridge.invoke('secrets:forget', { userId })))
    },
    list: () => bridge.invoke('secrets:list', {}),
    enrol: async ({ userId, login }, password, previousPassword) => {
      const previous = previousPassword === undefined ? {} : { previousPassword }
      return toResult(await bridge.invoke('secrets:enrol', { userId, login, password, ...previous }))
    },
    unlock: async (userId, password) => toResult(await bridge.invoke('secrets:unlock', { userId, password })),
    forget: async (userId) => {
      await bridge.invoke('secrets:forget', { userId })
    },
  }
}

async function toResult(answer: KeyAnswer): Promise<KeyResult> {
  if (!answer.ok) return answer
  return { ok: true, key: await importDataKey(new Uint8Array(answer.key)), isNew: answer.isNew }
}
