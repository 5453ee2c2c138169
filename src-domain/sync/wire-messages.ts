/**
 * The frames of the sync socket: RxDB's replication protocol (`masterChangesSince`, `masterWrite`,
 * `masterChangeStream$`), plus `auth` with an answer, `ping`, and errors for our own client.
 * Documents come by pull alone; the stream only pokes (docs/decisions on the stream).
 */
import Type from 'typebox'
import { nullable } from '#domain/schema-parts.ts'
import { wireCheckpointSchema } from './checkpoint.ts'

const frameId = Type.String({ minLength: 1, maxLength: 128 })
const collectionName = Type.String({ maxLength: 64 })
const document = Type.Object(
  { id: Type.String({ maxLength: 64 }), _deleted: Type.Boolean() },
  { additionalProperties: true },
)

export const pushRowSchema = Type.Object(
  {
    newDocumentState: document,
    assumedMasterState: Type.Optional(nullable(document)),
  },
  { additionalProperties: false },
)
export type PushRow = Type.Static<typeof pushRowSchema>

/** At most this many rows in one push and documents in one pull. */
export const MAX_PUSH_ROWS = 200
export const MAX_PULL_DOCUMENTS = 500

/** What our own client says first: a one-use ticket, its protocol, its schema versions. */
export const helloSchema = Type.Object(
  {
    ticket: Type.String({ minLength: 16, maxLength: 256 }),
    protocol: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    schemas: Type.Record(Type.String({ maxLength: 64 }), Type.Integer({ minimum: 0 })),
    deviceId: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
)
export type Hello = Type.Static<typeof helloSchema>

/** What RxDB's stock client says first. */
export const stockHelloSchema = Type.Object(
  { authorization: Type.String({ minLength: 8, maxLength: 512 }) },
  { additionalProperties: true },
)

const request = <Method extends string, Params extends Type.TSchema>(method: Method, params: Params) =>
  Type.Object(
    {
      id: frameId,
      collection: collectionName,
      method: Type.Literal(method),
      params,
    },
    { additionalProperties: false },
  )

export const authFrameSchema = request('auth', Type.Tuple([Type.Union([helloSchema, stockHelloSchema])]))
export const pingFrameSchema = request('ping', Type.Tuple([]))
export const streamFrameSchema = request('masterChangeStream$', Type.Tuple([]))
export const pullFrameSchema = request(
  'masterChangesSince',
  Type.Tuple([nullable(wireCheckpointSchema), Type.Integer({ minimum: 1, maximum: 10_000 })]),
)
export const pushFrameSchema = request(
  'masterWrite',
  Type.Tuple([Type.Array(pushRowSchema, { maxItems: MAX_PUSH_ROWS })]),
)

export const clientFrameSchema = Type.Union([
  authFrameSchema,
  pingFrameSchema,
  streamFrameSchema,
  pullFrameSchema,
  pushFrameSchema,
])
export type ClientFrame = Type.Static<typeof clientFrameSchema>

export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'REVOKED',
  'UPGRADE_REQUIRED',
  'BUSY',
  'BAD_REQUEST',
  'UNAVAILABLE',
] as const
export type SyncErrorCode = (typeof ERROR_CODES)[number]

export const welcomeSchema = Type.Object(
  {
    protocol: Type.Integer(),
    epoch: Type.String(),
    userId: Type.String(),
    clinicId: Type.String(),
    /** The server's clock when it answered, so that a client can show its skew. */
    serverTime: Type.Integer(),
  },
  { additionalProperties: false },
)
export type Welcome = Type.Static<typeof welcomeSchema>

export const pullResultSchema = Type.Object(
  { documents: Type.Array(document), checkpoint: wireCheckpointSchema },
  { additionalProperties: false },
)
export type PullResult = Type.Static<typeof pullResultSchema>

const answer = <Result extends Type.TSchema>(result: Result) =>
  Type.Object({ id: frameId, collection: collectionName, result }, { additionalProperties: false })

export const authAnswerSchema = answer(welcomeSchema)
export const pingAnswerSchema = answer(Type.Object({ serverTime: Type.Integer() }, { additionalProperties: false }))
export const pullAnswerSchema = answer(pullResultSchema)
/** The current state of every row that was not accepted as sent; always an array. */
export const pushAnswerSchema = answer(Type.Array(document))
export const pokeSchema = Type.Object(
  {
    id: Type.Literal('stream'),
    collection: collectionName,
    result: Type.Literal('RESYNC'),
  },
  { additionalProperties: false },
)
export const errorAnswerSchema = Type.Object(
  {
    id: frameId,
    collection: collectionName,
    error: Type.Object(
      {
        code: Type.Union(ERROR_CODES.map((code) => Type.Literal(code))),
        message: Type.String(),
        field: Type.Optional(Type.String()),
        /** Milliseconds to wait before the next try. */
        retryAfter: Type.Optional(Type.Integer({ minimum: 0 })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type ErrorAnswer = Type.Static<typeof errorAnswerSchema>

/** What a device has to hold, as one number (replica-sum.ts); `held` is null where that cannot be said of its checkpoint. */
export const replicaSumSchema = Type.Object(
  {
    held: nullable(
      Type.Object(
        {
          count: Type.Integer({ minimum: 0 }),
          sum: Type.Integer({ minimum: 0 }),
          except: Type.Array(Type.String({ maxLength: 64 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

/** How many documents a device holds that has read everything. */
export const replicaTotalSchema = Type.Object(
  { documents: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
)

/** Every message of the protocol by name; the pinning test hashes this table. */
export const MESSAGE_SCHEMAS = {
  auth: authFrameSchema,
  ping: pingFrameSchema,
  stream: streamFrameSchema,
  pull: pullFrameSchema,
  push: pushFrameSchema,
  authAnswer: authAnswerSchema,
  pingAnswer: pingAnswerSchema,
  pullAnswer: pullAnswerSchema,
  pushAnswer: pushAnswerSchema,
  poke: pokeSchema,
  errorAnswer: errorAnswerSchema,
} as const
