import type { FileKind } from '#preload/contract.ts'

/** A plain name with the kind's extension, whatever the page suggests: no folder, no control or reserved characters. */
export function toFileName(suggested: string, kind: FileKind): string {
  const name = suggested
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '-')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, 120)
  const stem = name.endsWith(`.${kind}`) ? name.slice(0, -kind.length - 1) : name
  return `${stem || 'document'}.${kind}`
}
