/** Limits that instances share in Redis; the real one, behind a proxy that can be taken away. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { type AttemptLimits, LOG_IN_LIMITS } from '#server/operations/attempt-limits.ts'
import { openRedisLink, type RedisLink } from '#server/redis/redis-link.ts'
import { createSharedAttempts } from '#server/redis/shared-attempts.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type FaultProxy, startFaultProxy } from '#tests/support/fault-proxy.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { testRandom } from '#tests/support/seeded.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'

const REDIS_URL = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379')
const SECRET = 'a secret of the tests, 32 characters long'
const LIMITS: AttemptLimits = {
  windowMs: minutes(1),
  triesPerAddress: 6,
  triesPerAccount: 3,
  triesPerAccountEverywhere: 4,
  paceMs: 1_500,
}

let proxy: FaultProxy
let prefix: string
const links: RedisLink[] = []
beforeEach(async () => {
  proxy = await startFaultProxy({ port: Number(REDIS_URL.port || 6379) }, testRandom())
  prefix = `test:${randomUUID()}:`
})
afterEach(async () => {
  for (const link of links.splice(0)) await link.close()
  await proxy.close()
})

const isUp = (link: RedisLink) => link.run('return 1', [], []).then((answer) => answer === 1)
/** Of one instance. */
async function aLink(): Promise<RedisLink> {
  const url = new URL(REDIS_URL)
  url.port = String(proxy.port)
  const link = openRedisLink(url.href, { info: () => undefined, warn: () => undefined }, prefix)
  links.push(link)
  await eventually('Redis answers', () => isUp(link))
  return link
}
const attemptsOf = (redis: RedisLink, limits = LIMITS) =>
  createSharedAttempts({ redis, secretKey: SECRET }, 'log-in', limits)

describe('tries at several instances', () => {
  test('are counted together: the limit is not had once at each', async () => {
    const [here, there] = [attemptsOf(await aLink()), attemptsOf(await aLink())]
    for (const one of [here, there, here]) expect(await one.begin('home', 'victim', Date.now())).toBe(0)
    expect(await there.begin('home', 'victim', Date.now())).toBeGreaterThan(50)
    expect(await there.begin('home', 'somebody else', Date.now())).toBe(0)
  })

  test('do not count once they were right, and the place is known at all of them', async () => {
    const [here, there] = [attemptsOf(await aLink()), attemptsOf(await aLink())]
    for (let count = 0; count < 20; count += 1) {
      expect(await here.begin('desk', `person${count}`, Date.now())).toBe(0)
      await here.succeed('desk', `person${count}`, Date.now())
    }
    await here.begin('home', 'victim', Date.now())
    await here.succeed('home', 'victim', Date.now())
    for (let count = 0; count < 4; count += 1) await here.begin(`bot${count}`, 'victim', Date.now())
    expect(await there.begin('bot99', 'victim', Date.now())).toBe(0)
    expect(await there.begin('bot98', 'victim', Date.now())).toBeGreaterThan(0)
    expect(await there.begin('home', 'victim', Date.now())).toBe(0)
    await eventually(
      'the pace lets one more through',
      async () => (await there.begin('bot97', 'victim', Date.now())) === 0,
    )
  })

  test('leave no address and no account in Redis', async () => {
    const link = await aLink()
    await attemptsOf(link).begin('203.0.113.7', 'victim@example.org', Date.now())
    const keys = await link.run("return redis.call('KEYS', ARGV[1])", [], [`${prefix}*`])
    expect(keys).toHaveLength(3)
    expect(JSON.stringify(keys)).not.toMatch(/203\.0|victim/)
  })

  test('are counted by each instance while Redis is away, and together again afterwards', async () => {
    const link = await aLink()
    const [here, there] = [attemptsOf(link), attemptsOf(await aLink())]
    proxy.setOffline(true)
    await eventually('Redis is away', async () => !(await isUp(link)))
    for (let count = 0; count < 3; count += 1) expect(await here.begin('home', 'victim', Date.now())).toBe(0)
    expect(await here.begin('home', 'victim', Date.now())).toBeGreaterThan(50)
    expect(await there.begin('home', 'victim', Date.now())).toBe(0)
    proxy.setOffline(false)
    await eventually('Redis answers again', () => isUp(link))
    for (const one of [there, here]) await one.begin('home', 'another', Date.now())
    await here.begin('home', 'another', Date.now())
    expect(await there.begin('home', 'another', Date.now())).toBeGreaterThan(50)
  })
})

describe('a server with Redis', () => {
  let servers: ServerUnderTest[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop()
  })
  const aLimited = async (limits: { perAddress: number; perSession: number }) => {
    const redis = await aLink()
    const server = await aServer('sqlite', { redis, limits, logInLimits: { ...LOG_IN_LIMITS, triesPerAccount: 3 } })
    servers = [...servers, server]
    return { server, redis }
  }
  const ask = async (server: ServerUnderTest) => (await server.request('GET', '/api/v1/clinic')).status
  const guess = async (server: ServerUnderTest) => {
    const body = { email: FIXTURE_EMAILS.admin, password: 'not this one at all' }
    return (await server.request('POST', '/api/v1/auth/login', { body })).status
  }

  test('shares how many requests and guesses an address has left with the others', async () => {
    const [one, two] = [
      await aLimited({ perAddress: 12, perSession: 12 }),
      await aLimited({ perAddress: 12, perSession: 12 }),
    ]
    for (const { server } of [one, two, one]) expect(await guess(server)).toBe(401)
    expect(await guess(two.server)).toBe(429)
    for (let count = 0; count < 8; count += 1) expect(await ask(count % 2 ? one.server : two.server)).toBe(401)
    expect([await ask(one.server), await ask(two.server)]).toEqual([429, 429])
  })

  test('has counts of its own for each limit: what an address asks elsewhere leaves its calendars alone', async () => {
    const { server } = await aLimited({ perAddress: 500, perSession: 500 })
    // Calendars are read sixty times a minute by one address at most.
    for (let count = 0; count < 80; count += 1) expect(await ask(server)).toBe(401)
    expect((await server.request('GET', '/ical/unknown.ics')).status).toBe(404)
  })

  test('still limits while Redis is stopped and after it has started again, and never answers 500', async () => {
    const { server, redis } = await aLimited({ perAddress: 10, perSession: 10 })
    for (let round = 0; round < 2; round += 1) {
      proxy.setOffline(true)
      await eventually('Redis is away', async () => !(await isUp(redis)))
      const away = []
      for (let count = 0; count < 14; count += 1) away.push(await ask(server))
      if (round === 0) expect(away[0]).toBe(401)
      expect(away.filter((status) => status !== 401 && status !== 429)).toEqual([])
      expect(away.at(-1)).toBe(429)
      proxy.setOffline(false)
      await eventually('Redis answers again', () => isUp(redis))
      expect([401, 429]).toContain(await ask(server))
    }
  })
})
