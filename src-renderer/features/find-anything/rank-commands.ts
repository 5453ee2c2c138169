import type { Command } from '#domain/commands/commands.ts'

/** Commands whose label has every word typed, those that begin with it first. Pure; case and marks do not matter. */
export function rankCommands(
  commands: readonly Command[],
  text: string,
  labelOf: (command: Command) => string,
): readonly Command[] {
  const words = plain(text).split(/\s+/).filter(Boolean)
  const scored = commands.flatMap((command) => {
    const label = plain(labelOf(command))
    const places: number[] = words.map((word) =>
      label.startsWith(word) ? 0 : label.includes(` ${word}`) ? 1 : label.includes(word) ? 2 : -1,
    )
    return places.includes(-1) ? [] : [{ command, score: places.reduce((sum, place) => sum + place, 0) }]
  })
  return scored.toSorted((a, b) => a.score - b.score).map(({ command }) => command)
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
