/**
 * Every operation of the served description, asked in ways made from the description itself: nothing makes the server fail, and
 * every answer is one that the description promises. `FUZZ_CASES` sets how many cases each operation gets.
 */
import { hash } from '@node-rs/argon2'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createSealKey } from '#server/operations/audit-seal.ts'
import { verifyClinic } from '#server/operations/verify-clinic.ts'
import { createJudge, type PlainAnswer } from '#tests/support/answer-judge.ts'
import { aCorner, CALLERS, type CallerName, type Corner } from '#tests/support/fuzz-clinic.ts'
import { type Ask, aPool } from '#tests/support/fuzz-pool.ts'
import { aCase, type Case, type Description, type Operation } from '#tests/support/openapi-cases.ts'
import { aServer, FIXTURE_PASSWORD, SECRET_KEY, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

/** The same cases at every run; `TEST_SEED=n` asks for others. */
const SEED = Number(process.env.TEST_SEED ?? 20_261_014)
const CASES = { sqlite: Number(process.env.FUZZ_CASES ?? 300), mysql: Number(process.env.FUZZ_CASES ?? 20) }
console.info(`fuzzing with TEST_SEED=${SEED}, FUZZ_CASES=${CASES.sqlite} on SQLite and ${CASES.mysql} on MariaDB`)

/** Last, in this order: what they change is not of one corner alone. */
const LAST = [/closures/, /erasure/, /\/users/, /\/roles/]
const rankOf = (path: string): number => LAST.findIndex((pattern) => pattern.test(path))
const METHODS = ['get', 'post', 'put', 'patch', 'delete']

type Fuzzed = { readonly method: string; readonly path: string; readonly operation: Operation }

function operationsOf({ paths }: Description): Fuzzed[] {
  const all = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  )
  return all.sort((a, b) => rankOf(a.path) - rankOf(b.path) || METHODS.indexOf(a.method) - METHODS.indexOf(b.method))
}

/** Many a limit counts what these cases send on purpose. */
const wide = { windowMs: 60_000, triesPerAddress: 1e9, triesPerAccount: 1e9, triesPerAccountEverywhere: 1e9 }
const UNLIMITED = {
  limits: { perAddress: 1e9, perSession: 1e9 },
  logInLimits: wide,
  accountLimits: { mails: wide, password: wide, linkCode: wide, secondFactor: wide },
}

const createInject =
  ({ server }: ServerUnderTest) =>
  async (method: string, { url, headers, body }: Case, token: string | undefined): Promise<PlainAnswer> => {
    const answer = await server.app.inject({
      method: method as 'GET',
      url,
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { payload: body }),
    })
    const { statusCode: status, payload: text } = answer
    return { status, contentType: answer.headers['content-type']?.toString(), text }
  }

/** A server whose operations are fuzzed one after the other, each in a corner of its own. */
async function aFuzzedServer(engine: (typeof engines)[number]) {
  const server = await aServer(engine, UNLIMITED)
  const inject = createInject(server)
  const judge = createJudge()
  // Passwords are checked at every turn; what they cost is not the subject here.
  const passwordHash = await hash(FIXTURE_PASSWORD, { memoryCost: 64, timeCost: 1, parallelism: 1 })
  let corners = 0
  const newCorner = () => {
    corners += 1
    return aCorner(server, passwordHash, corners)
  }
  const isSignedOut = async (token: string | undefined) =>
    (await inject('GET', { url: '/api/v1/permissions', headers: {}, body: undefined }, token)).status === 401
  const description: Description = (await server.request('GET', '/api/v1/openapi.json')).body

  async function fuzz({ method, path, operation }: Fuzzed) {
    let corner: Corner = await newCorner()
    const ask: Ask = async (verb, url, body) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' }
      const text = body === undefined ? undefined : JSON.stringify(body)
      return (await inject(verb, { url, headers, body: text }, corner.tokens.admin)).text
    }
    const pool = await aPool(server, corner, ask, path)
    const arbitrary = fc.tuple(aCase(path, operation, pool), fc.constantFrom(...MIX))
    const statuses: Record<number, number> = {}
    const complaints: string[] = []
    for (const [each, caller] of fc.sample(arbitrary, { numRuns: CASES[engine], seed: SEED })) {
      const answer = await inject(method.toUpperCase(), each, corner.tokens[caller])
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      const faults = judge(operation, answer)
      if (faults.length > 0) complaints.push(toComplaint(method, each, caller, answer, faults))
      const isKnown = caller !== 'nobody' && caller !== 'stranger'
      if (answer.status === 401 && isKnown && (await isSignedOut(corner.tokens[caller]))) corner = await newCorner()
    }
    return { statuses, complaints }
  }
  return { server, operations: operationsOf(description), fuzz }
}

/** Mostly people who may do something. */
const MIX: readonly CallerName[] = [...CALLERS, 'admin', 'admin', 'admin', 'receptionist', 'receptionist', 'doctor']

function toComplaint(
  method: string,
  { url, headers, body }: Case,
  caller: string,
  answer: PlainAnswer,
  faults: readonly string[],
) {
  const request = `${method.toUpperCase()} ${url} by ${caller} with ${JSON.stringify(headers)}`
  const sent = body === undefined ? 'no body' : JSON.stringify(body.slice(0, 1_000))
  return `${faults.join('; ')}\n  ${request}\n  ${sent}\n  answered ${answer.status} ${answer.text.slice(0, 500)}\n  TEST_SEED=${SEED}`
}

describe.each(engines)('requests made from the description, on %s', async (engine) => {
  const { server, operations, fuzz } = await aFuzzedServer(engine)
  afterAll(() => server.stop())

  test.each(operations.map((each) => [`${each.method.toUpperCase()} ${each.path}`, each] as const))(
    '%s answers as described',
    async (_, operation) => {
      const { statuses, complaints } = await fuzz(operation)
      if (process.env.FUZZ_DEBUG) console.info(_, JSON.stringify(statuses))
      expect(complaints.slice(0, 3)).toEqual([])
      expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(CASES[engine])
    },
  )

  test('the clinic is in order after all of it, and the server goes on', async () => {
    const deps = { database: server.database, now: () => server.clock.now, sealKey: createSealKey(SECRET_KEY) }
    expect(await verifyClinic(deps, server.clinic.clinicId)).toEqual([])
    expect((await server.request('GET', '/readyz')).status).toBe(200)
  })
})
