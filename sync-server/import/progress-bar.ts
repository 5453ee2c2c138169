/** How far a long job is, on one line of a terminal, or a line per tenth where nobody watches. */

export type Progress = { readonly done: number; readonly total: number; readonly elapsedMs: number }

const WIDTH = 30
const number = new Intl.NumberFormat('en')

/** The line, for example `[###############---------------]  50 %  1,500 of 2,999 · 300/s · 5 s left`. */
export function progressText({ done, total, elapsedMs }: Progress): string {
  const share = total === 0 ? 1 : done / total
  const filled = Math.floor(share * WIDTH)
  const bar = '#'.repeat(filled) + '-'.repeat(WIDTH - filled)
  const perSecond = elapsedMs > 0 ? (done * 1_000) / elapsedMs : 0
  const counts = `${number.format(done)} of ${number.format(total)}`
  const head = `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${counts}`
  if (done === total || perSecond === 0) return head
  return `${head} · ${number.format(Math.round(perSecond))}/s · ${Math.ceil((total - done) / perSecond)} s left`
}

/** A bar that draws itself; call `show` as often as you like, `end` once. */
export function progressBar({
  out,
  clock,
}: {
  readonly out: { readonly isTTY?: boolean; write(text: string): unknown }
  readonly clock: () => number
}): { readonly show: (done: number, total: number) => void; readonly end: () => void } {
  const startedAt = clock()
  let shownAt = Number.NEGATIVE_INFINITY
  let tenth = -1
  let isOpen = false
  return {
    show: (done, total) => {
      const elapsedMs = clock() - startedAt
      const reached = total === 0 ? 10 : Math.floor((done * 10) / total)
      const isDue = out.isTTY ? clock() - shownAt >= 100 || done === total : reached > tenth
      if (!isDue) return
      shownAt = clock()
      tenth = reached
      const text = progressText({ done, total, elapsedMs })
      out.write(out.isTTY ? `\r${text.padEnd(90)}` : `${text}\n`)
      isOpen = out.isTTY === true
    },
    end: () => {
      if (isOpen) out.write('\n')
      isOpen = false
    },
  }
}
