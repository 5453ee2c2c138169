/** The commands of a Markdown page and the answers it shows, and how an answer is compared with what came. */
import { expect } from 'vitest'

/** A block of shell, and the block that shows its answer where there is one. */
export type Step = { readonly line: number; readonly shell: string; readonly shown: Shown | undefined }
export type Shown = { readonly kind: 'json' | 'text'; readonly text: string }

const ANYTHING = '…'

/** The steps of a page, in order. */
export function stepsOf(page: string): readonly Step[] {
  const blocks = [...page.matchAll(/^```(sh|json|text)\n([\s\S]*?)^```$/gm)].map((match) => ({
    kind: match[1] as 'sh' | 'json' | 'text',
    text: match[2] ?? '',
    line: page.slice(0, match.index).split('\n').length,
  }))
  return blocks.flatMap(({ kind, text, line }, index) => {
    if (kind !== 'sh') return []
    const next = blocks[index + 1]
    const shown = next && next.kind !== 'sh' ? { kind: next.kind, text: next.text } : undefined
    return [{ line, shell: text, shown }]
  })
}

/** Fails unless what came is what the page shows: `…` stands for anything, and objects may have more fields than are shown. */
export function expectShown({ line, shown }: Step, came: string): void {
  const where = `docs line ${line} answered: ${came}`
  if (!shown) return
  if (shown.kind === 'text') expect(came.trim(), where).toBe(shown.text.trim())
  else expect(JSON.parse(came), where).toMatchObject(asMatcher(JSON.parse(shown.text)) as object)
}

function asMatcher(value: unknown): unknown {
  if (value === ANYTHING) return expect.anything()
  if (Array.isArray(value)) return expect.arrayContaining(value.map(asMatcher))
  if (value === null || typeof value !== 'object') return value
  return expect.objectContaining(
    Object.fromEntries(Object.entries(value).map(([key, field]) => [key, asMatcher(field)])),
  )
}
