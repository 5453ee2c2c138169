/** What was said is kept a year and a month, what waits for somebody is kept, and old events never look unanswered. */
import { expect, test } from 'vitest'
import { hours } from '#domain/time/instant.ts'
import { sweepEvents } from '#server/events/sweep.ts'
import { forgetOldKeys } from '#server/operations/forget-old-keys.ts'
import { silent } from '#tests/support/event-line.ts'
import { aTellingClinic, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DAY = hours(24)

test.each(engines)('messages and events go when their time is over, on %s', async (engine) => {
  const told: TellingClinic = await aTellingClinic(engine)
  const { database, clock, server } = told.server
  await told.book(0)
  await told.wait(hours(1))
  const counts = () =>
    database.read(async (tx) => ({
      messages: (await tx.selectFrom('notifications').select('id').execute()).length,
      events: (await tx.selectFrom('outbox').select('id').where('is_historic', '=', 0).execute()).length,
      inbox: (await tx.selectFrom('inbox').select('event_id').execute()).length,
    }))
  const before = await counts()
  expect(Math.min(before.messages, before.events, before.inbox)).toBeGreaterThan(0)

  clock.now += DAY * 25
  await forgetOldKeys(database, clock.now, new AbortController().signal)
  expect(await counts()).toMatchObject({ events: 0, inbox: before.inbox })
  const deps = { database, bus: server.events.bus, now: () => clock.now, log: silent }
  expect(await sweepEvents(deps, 0)).toBe(0)
  clock.now += DAY * 10
  await forgetOldKeys(database, clock.now, new AbortController().signal)
  expect(await counts()).toMatchObject({ inbox: 0, messages: before.messages })

  await server.housekeeping.look()
  expect((await counts()).messages).toBe(before.messages)
  clock.now += DAY * 400
  await server.housekeeping.look()
  expect((await counts()).messages).toBe(0)
  await told.stop()
})
