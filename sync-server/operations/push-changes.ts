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

/**
 * The server failed over one of the rows, though it works: everything around it was committed. The same row will fail again, so
 * that whoever sent it should not simply go on sending. `cause` is what went wrong.
 */
export class RowFailed extends Error {
  override readonly name = 'RowFailed'
}

/** A device that comes back with more than this waits behind the people at their desks. */
const INTERACTIVE_ROWS = 20

/**
 * Decides the rows and returns what the author has to know; see above.
 * @throws RowFailed when a row failed by itself; all other rows are decided then, and pushed again they are no-ops
 */
export async function pushChanges(
  deps: PushDeps,
  subject: Subject,
  collection: CollectionName,
  rows: readonly PushRow[],
): Promise<readonly WireDocument[]> {
  const lane = rows.length > INTERACTIVE_ROWS ? 'bulk' : 'interactive'
  const decided = await Promise.allSettled(rows.map((row) => pushRow(deps, subject, collection, row, lane)))
  const errors = decided.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  // Trouble of the server itself comes first: it says nothing about any row.
  if (errors.length > 0) throw errors.find((error) => !(error instanceof RowFailed)) ?? errors[0]
  const verdicts = decided.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
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
  let thrown: unknown
  const submit = (judge: typeof judgePush) =>
    writer.submit<Verdict>(subject.clinicId, lane, {
      subject,
      door: 'sync',
      run: async (ctx) => {
        const value = await judge(ctx, subject, collection, row).catch((error: unknown) => {
          thrown = error
          throw error
        })
        return { ok: value.kind !== 'refused', value }
      },
      refused: async (ctx, value) => {
        if (value.kind === 'refused') await keepRefusal(ctx, subject, { collection, row, ...value })
      },
    })
  try {
    return await submit(judgePush)
  } catch (error) {
    const kind = kindOfDatabaseError(error)
    // The tables insist on something the schema does not know. Trying again would fail again, and block what comes after.
    if (NEVER_STORED.has(kind)) return submit(judgeUnstorable)
    // What the row itself threw is answered only when the batch around it was committed; else the writer says something else.
    if (error === thrown && kind !== 'disk-full')
      throw new RowFailed('A pushed row made the server fail', { cause: error })
    throw error
  }
}

const NEVER_STORED: ReadonlySet<string> = new Set(['constraint', 'foreign-key', 'duplicate'])
