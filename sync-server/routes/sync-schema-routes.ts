/** `GET /sync/v1/schemas`: every collection's RxJsonSchema, so that a third party can build a replica of its own. */
import Type from 'typebox'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import { OLDEST_SERVED_VERSION, PROTOCOL_VERSION } from '#domain/sync/protocol-version.ts'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import type { App } from '#server/http/app.ts'

const answerSchema = Type.Object(
  {
    protocol: Type.Object({ newest: Type.Integer(), oldest: Type.Integer() }, { additionalProperties: false }),
    collections: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
)

/** Public: shapes only, the same for every clinic. */
export function registerSyncSchemaRoutes(app: App): void {
  const collections = Object.fromEntries(COLLECTION_NAMES.map((name) => [name, rxSchemaOf(name)]))
  const answer = { protocol: { newest: PROTOCOL_VERSION, oldest: OLDEST_SERVED_VERSION }, collections }
  const schema = { tags: ['sync'], summary: 'The schema of every collection', response: { 200: answerSchema } }
  app.get('/sync/v1/schemas', { config: { permission: 'public' }, schema }, async () => answer)
}
