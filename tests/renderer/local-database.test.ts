import type { RxCollection } from 'rxdb'
import { afterEach, describe, expect, it } from 'vitest'
import type { UserId } from '#domain/ids.ts'
import { COLLECTION_NAMES, definitionOf } from '#domain/sync/collections.ts'
import { stubOf } from '#domain/sync/stub.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { find } from '#renderer/local-db/queries.ts'

const USER = '0198a000-0000-7000-8000-000000000001' as UserId
let database: LocalDatabase

const open = async (serverId: string) => {
  database = await openLocalDatabase({ serverId, userId: USER, key: null, multiInstance: false })
  return database
}

afterEach(() => database.close())

describe('the local database without a key', () => {
  it('holds every replicated collection in memory', async () => {
    await open('http://one.test')
    expect(Object.keys(database.collections).sort()).toEqual([...COLLECTION_NAMES].sort())
  })

  it('has another name on another server, and tells neither server nor user', async () => {
    const first = (await open('http://one.test')).name
    await database.close()
    const second = (await open('http://two.test')).name
    expect(first).toMatch(/^clinic-[0-9a-f]{32}$/)
    expect(second).not.toBe(first)
  })
})

it('makes a document of every collection whose fields can all be read', async () => {
  await open('http://one.test')
  for (const name of COLLECTION_NAMES) {
    const content = { ...stubOf(name, USER), _deleted: false }
    const collection = database[name] as unknown as RxCollection
    const document = await collection.insert(
      Object.fromEntries(Object.entries(content).filter(([key]) => key !== '_deleted')),
    )
    for (const field of Object.keys(definitionOf(name).schema.properties)) {
      expect({ name, field, value: document.get(field) }).toEqual({
        name,
        field,
        value: content[field as keyof typeof content],
      })
    }
  }
})

describe('a query', () => {
  it('refuses a selector on an encrypted field, which would silently find nothing', async () => {
    await open('http://one.test')
    // @ts-expect-error `name` is encrypted, so the types leave it out
    expect(() => find(database, 'patients', { name: 'Ada' })).toThrow('patients.name is encrypted')
  })

  it('refuses a sort by an encrypted field, which would silently be wrong', async () => {
    await open('http://one.test')
    // @ts-expect-error `note` is encrypted, so the types leave it out
    expect(() => find(database, 'appointments', {}, [{ note: 'asc' }])).toThrow('appointments.note is encrypted')
  })
})
