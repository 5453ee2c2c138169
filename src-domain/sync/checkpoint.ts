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

/** `seq` of each audience read so far; `epoch` is empty before the first answer. */
export type Checkpoint = {
  readonly epoch: string
  readonly audiences: ReadonlyMap<string, number>
}

export const EMPTY_CHECKPOINT: Checkpoint = { epoch: '', audiences: new Map() }

/** The checkpoint as it travels: `epoch` then `audience.seq` pairs, joined by `~`; a colon in an audience becomes `_`. */
export function packCheckpoint({ epoch, audiences }: Checkpoint): WireCheckpoint {
  const pairs = [...audiences].sort(([a], [b]) => (a < b ? -1 : 1))
  const id = [epoch, ...pairs.map(([audience, seq]) => `${audience.replace(':', '_')}.${seq.toString(36)}`)].join('~')
  return { lwt: pairs.reduce((top, [, seq]) => Math.max(top, seq), 0), id }
}

/** Reads a travelled checkpoint; undefined when it is not one of ours. A missing checkpoint (`lwt` 0, `id` empty) is the empty one. */
export function parseCheckpoint({ id }: WireCheckpoint): Checkpoint | undefined {
  if (id === '') return EMPTY_CHECKPOINT
  const [epoch = '', ...parts] = id.split('~')
  const audiences = new Map<string, number>()
  for (const part of parts) {
    const match = /^([a-z]+)_([0-9a-f-]{36})\.([0-9a-z]{1,11})$/.exec(part)
    const seq = Number.parseInt(match?.[3] ?? '', 36)
    if (!match || !Number.isSafeInteger(seq)) return undefined
    audiences.set(`${match[1]}:${match[2]}`, seq)
  }
  return /^[A-Za-z0-9-]{1,64}$/.test(epoch) ? { epoch, audiences } : undefined
}
