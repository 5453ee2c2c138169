/** The one collection of a stock client, from what the server says about it; asserts nothing, so that benchmarks can use it too. */
import type { RxCollection, RxDatabase, RxJsonSchema } from 'rxdb'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'

/** As a third party reads it. Memory storage cannot encrypt; everything else of the schema is taken as it is. */
export async function readStockSchema<N extends CollectionName>(
  url: string,
  name: N,
): Promise<RxJsonSchema<Documents[N]>> {
  const answer = await fetch(`${url}/sync/v1/schemas`)
  const { collections } = (await answer.json()) as { readonly collections: Readonly<Record<N, object>> }
  return { ...collections[name], encrypted: [] } as unknown as RxJsonSchema<Documents[N]>
}

/** @param database with RxDB's migration plugin: a replica that begins with a later version has nothing of an older one to bring over */
export async function addStockCollection<N extends CollectionName>(
  database: RxDatabase,
  name: N,
  schema: RxJsonSchema<Documents[N]>,
): Promise<RxCollection<Documents[N]>> {
  const versions = Array.from({ length: schema.version }, (_, version) => version + 1)
  const migrationStrategies = Object.fromEntries(versions.map((version) => [version, (document: unknown) => document]))
  const { [name]: collection } = await database.addCollections({ [name]: { schema, migrationStrategies } })
  if (!collection) throw new Error('no collection')
  return collection as unknown as RxCollection<Documents[N]>
}
