import { type CommandId, listPageCommands } from '#domain/commands/commands.ts'
import type { Hotkey } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import type { CommandRuns } from './run-command.ts'

/** The shortcuts of everything that can be done now, as the command list has them. */
export function toHotkeys(runs: CommandRuns): Hotkey[] {
  return listPageCommands().flatMap(({ id, keys = [], accelerator, scope }) => {
    const run = runs[id as CommandId]
    if (!run) return []
    const scoped = scope === 'board' ? { scope } : {}
    return [...keys.map((key) => ({ keys: key, run, ...scoped })), ...(accelerator ? [{ keys: accelerator, run }] : [])]
  })
}
