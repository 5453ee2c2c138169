/** The page's own doorway to commands: buttons, palette, shortcuts and the host's menu all come through here. */
import type { CommandId } from '#domain/commands/commands.ts'

export type CommandRuns = { readonly [Id in CommandId]?: () => void }

let current: CommandRuns = {}

/** What can be done now; a command without a run is disabled everywhere. */
export function provideRuns(runs: CommandRuns): void {
  current = runs
}

/** Runs a command if it makes sense now. */
export function runCommand(id: CommandId): void {
  current[id]?.()
}
