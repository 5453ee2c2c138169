/** The database is killed and comes back while messages wait and are being sent: all arrive, none is made twice. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPrivateService } from '#build/services.mjs'
import { hours, minutes } from '#domain/time/instant.ts'
import { pause } from '#server/database/database.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import type { TellingClinic } from '#tests/support/telling-clinic.ts'

const VISITS = 30
const RESTARTS = 3

let mariadb: Awaited<ReturnType<typeof startPrivateService>>
let told: TellingClinic

beforeAll(async () => {
  mariadb = await startPrivateService('MYSQL_URL')
  // Read when the harness is loaded: this file's clinic lies on a server that may be killed.
  process.env.MYSQL_URL = mariadb.url
  const { aTellingClinic } = await import('#tests/support/telling-clinic.ts')
  told = await aTellingClinic('mysql')
}, 180_000)
afterAll(async () => {
  await told?.stop()
  await mariadb?.stop()
}, 60_000)

/** Looks again and again, as the services' clocks do, whatever becomes of a look. */
async function keepLooking(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await told.settle().catch(() => undefined)
    await pause(50)
  }
}

test(`${VISITS} bookings are told by e-mail although MariaDB is killed ${RESTARTS} times in between`, async () => {
  for (let index = 0; index < VISITS; index += 1) {
    const patientId = testId('Patient', 4 + (index % 15))
    // Visits of one day are told together, so each patient has theirs on days of their own.
    await told.book(0, {
      patientId,
      start: NINE_O_CLOCK + hours(24) * (index < 15 ? 1 : 2) + minutes(15) * (index % 15),
    })
  }
  told.server.clock.now += minutes(4)
  let isOver = false
  const looking = keepLooking(() => isOver)
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    await pause(150)
    await mariadb.restart()
  }
  const open = async () =>
    (await told.messages().catch(() => null))?.filter(({ status }) => status === 'pending').length
  await eventually('nothing waits any more', async () => (await open()) === 0 || (await open()), 60_000)
  isOver = true
  await looking

  const messages = (await told.messages()).filter(({ type }) => type !== 'websocket')
  const sent = messages.filter(({ status }) => status === 'sent')
  expect(
    new Set(messages.map(({ source_id, type, recipient_key }) => `${source_id} ${type} ${recipient_key}`)).size,
  ).toBe(messages.length)
  expect(messages.filter(({ status }) => status !== 'sent' && status !== 'skipped')).toEqual([])
  const arrivals = Map.groupBy([...told.mails().map(({ messageId }) => messageId)], (id) => id)
  const mails = sent.filter(({ type, merged_into }) => type === 'email' && merged_into === null)
  expect(arrivals.size).toBe(mails.length)
  for (const [id, times] of arrivals) expect(times.length, id).toBeLessThanOrEqual(1 + RESTARTS)
  console.log(`${mails.length} e-mails, ${told.mails().length - arrivals.size} of them once more`)
})
