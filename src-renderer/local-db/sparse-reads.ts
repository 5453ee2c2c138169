/**
 * Looks up many ids at once. RxDB reads every document of a page before it writes it, in the collection and beside it, twice each,
 * and Dexie asks IndexedDB for every id by itself: of a first download that is four requests in vain for each document. Here one
 * request names which ids of the stretch are there, and only those are read.
 */
import type { DBCore, DBCoreGetManyRequest, DBCoreTable, Middleware } from 'dexie'

/** Below this many ids one request more is no gain. */
const FEWEST_IDS = 8
/** A stretch that holds more keys than this for each id wanted is not listed: naming them would cost more than asking. */
const KEYS_PER_ID = 2
/** `DBCoreRangeType.Range` of Dexie, which exports the type alone. */
const RANGE = 2

export const sparseReads: Middleware<DBCore> = {
  stack: 'dbcore',
  name: 'sparse-reads',
  create: (core) => ({
    ...core,
    table: (name) => {
      const table = core.table(name)
      return { ...table, getMany: (request) => getMany(table, request) }
    },
  }),
}

/**
 * Chained by `then`, never awaited: a native promise would leave Dexie's transaction.
 * @returns a value for each key in the order asked, undefined where there is none
 */
function getMany(table: DBCoreTable, request: DBCoreGetManyRequest): Promise<unknown[]> {
  const { keys, trans } = request
  if (keys.length < FEWEST_IDS || !keys.every((key) => typeof key === 'string')) return table.getMany(request)
  const sorted = keys.toSorted()
  const range = { type: RANGE, lower: sorted[0], lowerOpen: false, upper: sorted.at(-1), upperOpen: false } as const
  const query = { index: table.schema.primaryKey, range }
  const limit = keys.length * KEYS_PER_ID
  return table.query({ trans, values: false, limit, query }).then(({ result }) => {
    if (result.length >= limit) return table.getMany(request)
    const there = new Set(result)
    const known = keys.filter((key) => there.has(key))
    if (known.length === 0) return keys.map(() => undefined)
    return table.getMany({ ...request, keys: known }).then((values) => {
      const byKey = new Map(known.map((key, index) => [key, values[index]]))
      return keys.map((key) => byKey.get(key))
    })
  })
}
