/** What a device whose access was taken away may still do: hand in its unsent changes once, for the administration to look at. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, oneOf, textSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

/** The bounds of one hand-in; what goes beyond them stays on the device and is wiped with it. */
export const MAX_HANDED_IN = 1_000
export const MAX_HAND_IN_BYTES = 2 * 1024 * 1024
/** Names the ticket before the body is read; a body larger than this is not read without it. */
export const HAND_IN_TICKET_HEADER = 'x-hand-in-ticket'
export const MAX_BYTES_WITHOUT_TICKET = 16 * 1024

/**
 * Stands in a `device-revoked` answer to a session that ended with its device. With a `ticket` the device hands in first; with a
 * count it has done so; with neither it was to wipe at once.
 */
export const revocationSchema = Type.Object(
  {
    /** Whose changes may be handed in. */
    userId: Type.String(),
    ticket: nullable(Type.String()),
    expiresAt: nullable(instantSchema()),
    handedIn: nullable(Type.Integer({ minimum: 0 })),
  },
  strict,
)
export type Revocation = Type.Static<typeof revocationSchema>

/** `DELETE /api/v1/devices/{id}`. */
export const revokeQuerySchema = Type.Object({ wipeNow: Type.Optional(oneOf(['true', 'false'])) }, strict)

/** Collections are those that clients push; an older or newer client may know others. */
const collectionSchema = () => Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z_]+$' })
const documentSchema = Type.Object(
  { id: idSchema<'Document'>(), _deleted: Type.Boolean() },
  { additionalProperties: true },
)
export const handedInRowSchema = Type.Object(
  { newDocumentState: documentSchema, assumedMasterState: Type.Optional(nullable(documentSchema)) },
  strict,
)

/** `POST /api/v1/devices/hand-in`. */
export const handInBodySchema = Type.Object(
  {
    ticket: Type.String({ minLength: 16, maxLength: 256 }),
    changes: Type.Array(Type.Object({ collection: collectionSchema(), row: handedInRowSchema }, strict), {
      maxItems: MAX_HANDED_IN,
    }),
  },
  strict,
)
export type HandInBody = Type.Static<typeof handInBodySchema>
export const handInAnswerSchema = Type.Object({ handedIn: Type.Integer({ minimum: 0 }) }, strict)

export const handedInChangeSchema = Type.Object(
  {
    id: idSchema<'HandedInChange'>(),
    deviceId: idSchema<'Device'>(),
    deviceName: textSchema(80),
    authorName: textSchema(160),
    at: instantSchema(),
    /** Why it is here and was not applied. */
    reason: Type.Literal('device-revoked'),
    collection: collectionSchema(),
    documentId: Type.String(),
    isDeletion: Type.Boolean(),
    /** What the author changed, by the names of the fields; the values as JSON, cut where they are long. */
    fields: Type.Array(Type.Object({ name: Type.String(), wanted: Type.String() }, strict)),
    doneAt: nullable(instantSchema()),
    doneByName: textSchema(160),
  },
  strict,
)
export type HandedInChange = Type.Static<typeof handedInChangeSchema>

/** `GET /api/v1/devices/handed-in`: those not dealt with first, then the latest. */
export const handedInAnswerSchema = Type.Object({ changes: Type.Array(handedInChangeSchema) }, strict)

/** `PUT /api/v1/devices/handed-in/{id}`. */
export const handedInMarkSchema = Type.Object({ isDone: Type.Boolean() }, strict)
