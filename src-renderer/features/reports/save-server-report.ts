import type { Report } from '#domain/api/report-api.ts'
import type { Platform, SaveResult } from '#renderer/platform/types.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

export type ServerSave = SaveResult | { readonly outcome: 'failed'; readonly failure: ApiFailure }

/**
 * Saves the file of a finished report through a link that works once: where the host asks for a place, the bytes are fetched and
 * handed to it; elsewhere the browser downloads the link by itself.
 */
export async function saveServerReport(
  { id, fileType, type }: Report,
  name: string,
  { api, platform }: { readonly api: Pick<ServerApi, 'origin' | 'reports'>; readonly platform: Platform },
): Promise<ServerSave> {
  const link = await api.reports.linkTo(id)
  if (!link.ok) return { outcome: 'failed', failure: link }
  if (!platform.can['save-dialog']) return downloadLink(`${api.origin}${link.value}`, name)
  const file = await api.reports.download(link.value)
  if (!file.ok) return { outcome: 'failed', failure: file }
  return platform.saveFile({ name, kind: fileType ?? type, content: file.value })
}

function downloadLink(href: string, name: string): SaveResult {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
  return { outcome: 'saved', name }
}
