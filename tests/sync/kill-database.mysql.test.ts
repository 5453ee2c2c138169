import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startPrivateService } from '#build/services.mjs'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import { pause } from '#server/database/database.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { eventually } from '#tests/support/eventually.ts'
import { findNotOnce, newRowsFrom, type PushedRow, pushRows, signInStock } from '#tests/support/push-load.ts'
import { untilLevel } from '#tests/support/replica-check.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness, type SyncHarness } from '#tests/support/sync-harness.ts'

/** How long it stays away each time: twice not at all, once longer than the server has patience for a transaction. */
const AWAY_MS = [0, 0, 8_000]
const DEEDS = 100

let mariadb: Awaited<ReturnType<typeof startPrivateService>>
let harness: SyncHarness
beforeAll(async () => {
  mariadb = await startPrivateService('MYSQL_URL')
})
afterEach(() => harness?.close())
afterAll(() => mariadb?.stop())

type Pushed = { readonly acknowledged: PushedRow[]; repeated: number }

/** Pushes new patients, each batch until it is acknowledged, over as many sockets as that takes. */
async function pushUntil(isOver: () => boolean, newRows: () => PushedRow[], pushed: Pushed): Promise<void> {
  const { server } = harness
  const token = await server.logIn('receptionist')
  const connect = () => signInStock(server.url, token)
  let wire = await connect()
  while (!isOver()) {
    const rows = newRows()
    while (!(await pushRows(wire, rows))) {
      pushed.repeated += 1
      await pause(50)
      if (wire.socket.readyState !== wire.socket.OPEN) wire = await connect()
    }
    pushed.acknowledged.push(...rows)
  }
  wire.close()
}

test(`MariaDB killed ${AWAY_MS.length} times under load: what was acknowledged is stored once, and what waits at the desks arrives (seed ${TEST_SEED})`, async () => {
  harness = await aSyncHarness('mysql', TEST_SEED, { mysqlUrl: mariadb.url })
  const { server, addDesk } = harness
  const random = seededRandom(TEST_SEED)
  const desks = await Promise.all([addDesk('receptionist'), addDesk('admin')])
  const newRows = newRowsFrom(random, ['patients'])
  const pushed: Pushed = { acknowledged: [], repeated: 0 }
  let isOver = false
  const pushing = Promise.all([1, 2, 3].map(() => pushUntil(() => isOver, newRows, pushed)))
  const working = desks.map((desk) => desk.work(DEEDS))
  for (const awayMs of AWAY_MS) {
    const before = pushed.acknowledged.length
    await eventually('the load is taken again', () => pushed.acknowledged.length > before + 100, 60_000)
    await pause(random.between(0, 500))
    await mariadb.restart(awayMs)
  }
  isOver = true
  await Promise.all([pushing, ...working])
  await untilLevel(server.database, desks, ['appointments', 'patients', 'rejected_changes'])
  const seen = await Promise.all(desks.map((desk) => desk.seen()))
  console.info(
    `MariaDB killed ${AWAY_MS.length} times: ${pushed.acknowledged.length} rows acknowledged over bare sockets, ${pushed.repeated} pushes repeated; own words of the desks seen stored in ${seen.map(({ acknowledged }) => acknowledged).join('+')} visits`,
  )
  expect(pushed.repeated).toBeGreaterThan(0)
  expect(await findNotOnce(server.database, pushed.acknowledged)).toEqual([])
  expect(seen.flatMap(({ violations }) => violations)).toEqual([])
  expect((await Promise.all(desks.map(({ status }) => status()))).map(({ parked }) => parked)).toEqual([0, 0])
  expect(await verifyBookings(server.database, server.clinic.clinicId)).toEqual([])
  expect(await verifyAudit(server.database, server.clinic.clinicId)).toEqual([])
})
