/**
 * How far a client has read: one sequence number per audience, and the epoch of the server's history.
 * Packed as `{ lwt, id }` so that RxDB's WebSocket and HTTP protocols both carry it; `id` stays inside `A-Za-z0-9._~-`.
 */
import Type from 'typebox'

export const wireCheckpointSchema = Type.Object(
  {
    lwt: Type.Integer({ minimum: 0 }),
    id: Type.String({ maxLength: 8192, pattern: '^[A-Za-z0-9._~-]*$' }),
  },
  { additionalProperties: false },
)
export type WireCheckpoint = Type.Static<typeof wireCheckpointSchema>

/**
 * `audiences`: the sequence number each audience was read up to. `leaving`: audiences the reader has lost, and how far the
 * device has been swept of their documents. `epoch` is empty before the first answer.
 */
export type Checkpoint = {
  readonly epoch: string
  readonly audiences: ReadonlyMap<string, number>
  readonly leaving: ReadonlyMap<string, number>
}

export const EMPTY_CHECKPOINT: Checkpoint = { epoch: '', audiences: new Map(), leaving: new Map() }

/**
 * The checkpoint as it travels: the epoch, then `audience.seq` for audiences read and `audience_seq` for those being left,
 * joined by `~`; a colon in an audience becomes `_`, numbers are in base 36.
 */
export function packCheckpoint({ epoch, audiences, leaving }: Checkpoint): WireCheckpoint {
  const read = [...audiences].sort(byAudience)
  const parts = [
    epoch,
    ...read.map(([audience, seq]) => `${audience.replace(':', '_')}.${seq.toString(36)}`),
    ...[...leaving].sort(byAudience).map(([audience, seq]) => `${audience.replace(':', '_')}_${seq.toString(36)}`),
  ]
  return { lwt: read.reduce((top, [, seq]) => Math.max(top, seq), 0), id: parts.join('~') }
}

const byAudience = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1)

/** Reads a travelled checkpoint; undefined when it is not one of ours. A missing checkpoint (`lwt` 0, `id` empty) is the empty one. */
export function parseCheckpoint({ id }: WireCheckpoint): Checkpoint | undefined {
  if (id === '') return EMPTY_CHECKPOINT
  const [epoch = '', ...parts] = id.split('~')
  const [audiences, leaving] = [new Map<string, number>(), new Map<string, number>()]
  for (const part of parts) {
    const [, kind, owner, separator, digits = ''] = PART.exec(part) ?? []
    const seq = Number.parseInt(digits, 36)
    if (!Number.isSafeInteger(seq)) return undefined
    const target = separator === '.' ? audiences : leaving
    target.set(`${kind}:${owner}`, seq)
  }
  return /^[A-Za-z0-9-]{1,64}$/.test(epoch) ? { epoch, audiences, leaving } : undefined
}

const PART = /^([a-z]+)_([0-9a-f-]{36})([._])([0-9a-z]{1,11})$/
