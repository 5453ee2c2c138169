/** What a damaged store still held and nobody else has, as a file for its author and whoever looks after the server. */
import type { ParkedChange } from '#renderer/local-db/parked-changes.ts'
import type { Salvage } from '#renderer/local-db/salvage.ts'
import type { FileToSave } from '#renderer/platform/types.ts'
import type { UnsentRow } from '#renderer/server-api/hand-in-api.ts'

/** Who the store belongs to, how far it had got, and what the replication remembers are no words of anybody. */
const NO_WORDS = new Set(['profile', 'sent-inserts'])

export function salvageFile({ unsent, notes, unreadable }: Salvage, now: number): FileToSave {
  const at = new Date(now).toISOString()
  const content = {
    savedAt: at,
    unsentChanges: unsent.map(({ collection, row }) => ({
      collection,
      wanted: row.newDocumentState,
      base: row.assumedMasterState ?? null,
    })),
    notes: notes.filter(({ id }) => !NO_WORDS.has(id)).map(({ id, data }) => ({ kind: id, ...data })),
    unreadable: unreadable.map(({ collection, id, writtenAt }) => ({
      collection,
      id,
      writtenAt: writtenAt === null ? null : new Date(writtenAt).toISOString(),
    })),
  }
  return {
    name: `unsent-changes-${at.slice(0, 10)}.json`,
    kind: 'json',
    content: `${JSON.stringify(content, null, 2)}\n`,
  }
}

/** How many changes nobody else has: unsent ones, and those set aside before. */
export function countOf({ unsent, notes }: Salvage): number {
  const parked = notes.find(({ id }) => id === 'parked-changes')?.data as
    | { readonly changes?: readonly (UnsentRow | ParkedChange)[] }
    | undefined
  return unsent.length + (parked?.changes?.length ?? 0)
}
