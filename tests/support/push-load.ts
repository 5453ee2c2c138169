/** New rows pushed over bare sockets of the stock client, and whether what was acknowledged is stored, once, with all that belongs to it. */
import { sql } from 'kysely'
import type { SeededRandom } from '#domain/demo/seeded-random.ts'
import { minutes } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { anAppointment, aPatient, NINE_O_CLOCK, testId } from './builders.ts'
import { openWire, type WireClient } from './wire-client.ts'

export type PushedRow = {
  readonly collection: 'patients' | 'appointments'
  readonly document: { readonly id: string }
}

/** Opens a socket as the stock client does; what is sent on it waits for the sign-in. */
export async function signInStock(url: string, token: string): Promise<WireClient> {
  const wire = await openWire(`${url.replace('http', 'ws')}/sync/v1`, { isStock: true })
  wire.send({ id: 'a', collection: 'patients', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
  return wire
}

/**
 * Pushes rows of one collection.
 * @returns whether they were acknowledged; false when the line broke first or the server put them off
 * @throws when one was refused: none of them may be
 */
export async function pushRows(wire: WireClient, rows: readonly PushedRow[]): Promise<boolean> {
  const pushed = rows.map(({ document }) => ({ newDocumentState: { ...document, _deleted: false } }))
  const answer = await wire.ask(rows[0]?.collection ?? '', 'masterWrite', [pushed]).catch(() => null)
  if (!Array.isArray(answer?.result)) return false
  // A repeat is told the count of writes; a refusal would be a stub.
  const stubs = answer.result.filter(({ _deleted }: { _deleted: boolean }) => _deleted)
  if (stubs.length > 0) throw new Error(`refused: ${JSON.stringify(stubs)}`)
  return true
}

/** A source of one to eight new documents, never the same twice. */
export function newRowsFrom(
  random: SeededRandom,
  collections: readonly PushedRow['collection'][] = ['patients', 'appointments'],
): () => PushedRow[] {
  let made = 1_000
  return () => {
    const collection = random.pick(collections)
    return Array.from({ length: random.between(1, 8) }, (): PushedRow => {
      made += 1
      if (collection === 'patients')
        return { collection, document: aPatient({ id: testId('Patient', made), revision: 0 }) }
      const start = NINE_O_CLOCK + minutes(15 * random.between(0, 2_000))
      const place = { start, end: start + minutes(15), doctorId: testId<'Doctor'>('Doctor', random.between(1, 3)) }
      const id = testId<'Appointment'>('Appointment', made)
      const patientId = testId<'Patient'>('Patient', random.between(1, 20))
      return { collection, document: anAppointment({ ...place, id, patientId, status: 'pending', revision: 0 }) }
    })
  }
}

/**
 * What is not as it must be: every acknowledged row is stored, and has one creation in the audit, one event, and one revision; and
 * nothing at all was created twice.
 */
export async function findNotOnce(database: Database, acknowledged: readonly PushedRow[]): Promise<readonly unknown[]> {
  const { stored, created, booked } = await database.read(async (tx) => ({
    stored: await sql<{ id: string; revision: number }>`
      select id, revision from patients union all select id, revision from appointments`.execute(tx),
    created: await tx.selectFrom('audit_log').select('document_ids').where('action', '=', 'created').execute(),
    booked: await tx.selectFrom('outbox').select('payload').where('type', '!=', 'PatientChanged').execute(),
  }))
  const revisions = new Map(stored.rows.map(({ id, revision }) => [id, Number(revision)]))
  const times = countOf(created.flatMap(({ document_ids }) => JSON.parse(document_ids) as string[]))
  const events = countOf(
    booked.map(({ payload }) => (JSON.parse(payload) as { appointmentId?: string }).appointmentId ?? ''),
  )
  const wrong = acknowledged.filter(
    ({ collection, document: { id } }) =>
      revisions.get(id) !== 1 || times.get(id) !== 1 || (collection === 'appointments' && events.get(id) !== 1),
  )
  const twice = [...times].filter(([, count]) => count > 1)
  return [...wrong.map(({ document: { id } }) => [id, revisions.get(id), times.get(id), events.get(id)]), ...twice]
}

function countOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
