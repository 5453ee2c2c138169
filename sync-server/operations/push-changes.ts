/**
 * Changes made on a device, decided one by one. Each row is a job of its own in the clinic's writer, so that one bad row
 * loses nothing of the others; the answer leaves when all of them are committed.
 *
 * Answered are the current states of the rows that were not taken as they were sent: conflicts, refusals (the state equals
 * the base, or is a stub where the author sees nothing), and accepted rows whose count of writes the author does not know.
 */
import type { Subject } from '#domain/access/can.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { kindOfDatabaseError } from '#server/database/errors.ts'
import type { NoteAccess } from './access-audit.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import { judgePush, judgeUnstorable, type Verdict } from './judge-push.ts'
import { recordDisclosure } from './record-disclosure.ts'
import { keepRefusal } from './refuse-push.ts'

export type PushDeps = {
  readonly writer: ClinicWriter
  readonly noteAccess: NoteAccess
}

/** A device that comes back with more than this waits behind the people at their desks. */
const INTERACTIVE_ROWS = 20

/** Decides the rows and returns what the author has to know; see above. */
export async function pushChanges(
  deps: PushDeps,
  subject: Subject,
  collection: CollectionName,
  rows: readonly PushRow[],
): Promise<readonly WireDocument[]> {
  const lane = rows.length > INTERACTIVE_ROWS ? 'bulk' : 'interactive'
  const verdicts = await Promise.all(rows.map((row) => pushRow(deps, subject, collection, row, lane)))
  const answers = verdicts.flatMap(({ answer }) => answer ?? [])
  await recordDisclosure(deps.noteAccess, subject, 'push-answered', collection, answers)
  return answers
}

async function pushRow(
  { writer }: PushDeps,
  subject: Subject,
  collection: CollectionName,
  row: PushRow,
  lane: 'interactive' | 'bulk',
): Promise<Verdict> {
  const submit = (judge: typeof judgePush) =>
    writer.submit<Verdict>(subject.clinicId, lane, {
      subject,
      door: 'sync',
      run: async (ctx) => {
        const value = await judge(ctx, subject, collection, row)
        return { ok: value.kind !== 'refused', value }
      },
      refused: async (ctx, value) => {
        if (value.kind === 'refused') await keepRefusal(ctx, subject, { collection, row, ...value })
      },
    })
  try {
    return await submit(judgePush)
  } catch (error) {
    // The tables insist on something the schema does not know. Trying again would fail again, and block what comes after.
    if (!NEVER_STORED.has(kindOfDatabaseError(error))) throw error
    return submit(judgeUnstorable)
  }
}

const NEVER_STORED: ReadonlySet<string> = new Set(['constraint', 'foreign-key', 'duplicate'])
