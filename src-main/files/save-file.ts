import { basename, extname, join } from 'node:path'
import { app, BrowserWindow, dialog, type SaveDialogOptions, type WebContents } from 'electron'
import type { FileKind, InvokePayload, SaveAnswer } from '#preload/contract.ts'
import { toFileName } from './file-name.ts'
import { writeFileAtomically } from './write-file-atomically.ts'

/** Documents are for the user's other programs, which may run under another account of the same group. */
const DOCUMENT_MODE = 0o644

const KIND_NAMES: Record<FileKind, string> = {
  csv: 'CSV',
  pdf: 'PDF',
  xlsx: 'Excel',
  json: 'JSON',
  txt: 'Text',
  ics: 'Calendar',
}

/** Asks the user where the file goes and writes it there. The page's name is only a suggestion; it never names a folder. */
export async function saveFile(request: InvokePayload<'file:save'>, sender: WebContents): Promise<SaveAnswer> {
  const options: SaveDialogOptions = {
    defaultPath: join(app.getPath('documents'), toFileName(request.suggestedName, request.kind)),
    filters: [{ name: KIND_NAMES[request.kind], extensions: [request.kind] }],
  }
  const window = BrowserWindow.fromWebContents(sender)
  const choice = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
  if (choice.canceled || !choice.filePath) return { outcome: 'cancelled' }
  const path = extname(choice.filePath) ? choice.filePath : `${choice.filePath}.${request.kind}`
  try {
    await writeFileAtomically(path, request.content, DOCUMENT_MODE)
  } catch (error) {
    return { outcome: 'error', reason: toReason(error) }
  }
  return { outcome: 'saved', name: basename(path) }
}

function toReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'not-allowed'
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full'
  return 'not-written'
}
