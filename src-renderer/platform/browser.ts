import { createBrowserKeyStore } from './browser-key-store.ts'
import { askForNotices, noticeLeave, showNotice } from './show-notice.ts'
import type { FileKind, FileToSave, Platform, SaveResult } from './types.ts'

const TYPES: Record<FileKind, string> = {
  csv: 'text/csv;charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
  txt: 'text/plain;charset=utf-8',
  ics: 'text/calendar;charset=utf-8',
}

/** Time for the browser to take over the bytes of a download. */
const DOWNLOAD_MILLISECONDS = 60_000

/** The page in a browser, served by the sync server itself: cookies keep the session, files go to the downloads. */
export function createBrowserPlatform(): Platform {
  return {
    kind: 'browser',
    can: {
      'native-menu': false,
      'save-dialog': false,
      'bearer-session': false,
      'choose-server': false,
      'lock-signal': false,
    },
    serverOrigin: async () => location.origin,
    setServer: async () => ({ ok: false, reason: 'not-here' }),
    session: { get: async () => null, set: async () => undefined, clear: async () => undefined },
    keys: createBrowserKeyStore(),
    saveFile: async (file) => download(file),
    print: async () => window.print(),
    notify: showNotice,
    noticeLeave,
    askForNotices,
    onCommand: () => () => undefined,
    onLock: () => () => undefined,
    onLink: () => () => undefined,
    takeLink: async () => null,
    reportUnsent: async () => undefined,
    reportCommands: async () => undefined,
  }
}

function download({ name, kind, content }: FileToSave): SaveResult {
  const part = typeof content === 'string' ? content : new Uint8Array(content)
  const url = URL.createObjectURL(new Blob([part], { type: TYPES[kind] }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_MILLISECONDS)
  return { outcome: 'saved', name }
}
