import { expect, test } from 'vitest'
import { progressBar, progressText } from '#server/import/progress-bar.ts'

test('the line says how much is done, how fast and how long it takes', () => {
  expect(progressText({ done: 1_500, total: 3_000, elapsedMs: 5_000 })).toBe(
    '[###############---------------]  50 %  1,500 of 3,000 · 300/s · 5 s left',
  )
  expect(progressText({ done: 3_000, total: 3_000, elapsedMs: 9_000 })).toMatch(/100 % {2}3,000 of 3,000$/)
  expect(progressText({ done: 0, total: 0, elapsedMs: 0 })).toMatch(/100 %/)
})

test('a terminal gets one line that changes, a file a line per tenth', () => {
  const linesOf = (isTTY: boolean): string[] => {
    const written: string[] = []
    let now = 0
    const bar = progressBar({ out: { isTTY, write: (text: string) => written.push(text) }, clock: () => now })
    for (let done = 0; done <= 1_000; done += 1) {
      now += 10
      bar.show(done, 1_000)
    }
    bar.end()
    return written
  }
  expect(linesOf(false)).toHaveLength(11)
  const drawn = linesOf(true)
  expect(drawn.every((text, index) => text.startsWith('\r') || index === drawn.length - 1)).toBe(true)
  expect(drawn.at(-1)).toBe('\n')
})
