import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { COLLECTION_NAMES, COLLECTIONS } from '#domain/sync/collections.ts'
import { OLDEST_SERVED_VERSION, PROTOCOL_VERSION } from '#domain/sync/protocol-version.ts'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import { MESSAGE_SCHEMAS } from '#domain/sync/wire-messages.ts'

/** Keys sorted at every depth, so that only a change of shape changes the text. */
const shapeOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
const hashOf = (value: unknown): string => createHash('sha256').update(shapeOf(value)).digest('hex').slice(0, 12)

// A change of shape raises the version and keeps the old reader: installed clients still speak the old one.
it('pins the shape of every message to the protocol version', () => {
  const shapes = Object.fromEntries(Object.entries(MESSAGE_SCHEMAS).map(([name, schema]) => [name, hashOf(schema)]))
  expect({ version: PROTOCOL_VERSION, oldest: OLDEST_SERVED_VERSION, shapes }).toMatchInlineSnapshot(`
    {
      "oldest": 1,
      "shapes": {
        "auth": "958b1a23dfb8",
        "authAnswer": "e2072f9003b8",
        "errorAnswer": "a11b6ea0ee78",
        "ping": "02875e47438d",
        "pingAnswer": "b3c3cac1beb7",
        "poke": "146205be2248",
        "pull": "f118255d96e0",
        "pullAnswer": "809aebb55a92",
        "push": "c2cd6b26cdba",
        "pushAnswer": "e3a8063342c9",
        "stream": "106eedaa2ba3",
      },
      "version": 2,
    }
  `)
})

// A change of a schema raises its version and adds the migration that server and clients share.
it('pins the schema of every collection to its version', () => {
  const shapes = Object.fromEntries(
    COLLECTION_NAMES.map((name) => [name, `${COLLECTIONS[name].version} ${hashOf(rxSchemaOf(name))}`]),
  )
  expect(shapes).toMatchInlineSnapshot(`
    {
      "allotments": "0 649601fe30db",
      "appointment_types": "1 95d733ef9b4d",
      "appointments": "1 1fc738dfc868",
      "day_notes": "0 f6b61972350a",
      "doctors": "0 ece573c42183",
      "notifications": "0 a216eedb5fe5",
      "patients": "0 b77feb2e6240",
      "rejected_changes": "0 7b88a152da82",
      "rooms": "0 b077545ab25f",
      "schedule_templates": "0 54935ece8e0b",
      "schedules": "1 ffbaf8523670",
      "waitlist_entries": "0 6f436722af54",
    }
  `)
})
