/**
 * Whether the time of an answer tells if an account exists: log-in with a wrong password and the request for a password link, for
 * an address that has an account and for one that has none, in turn. The middle of the one by the middle of the other; 1 is no
 * difference, and 1.25 what a network hides.
 */
import { minutes } from '#domain/time/instant.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer } from '#tests/support/server-under-test.ts'
import type { Bench, BenchRow } from './bench-row.ts'

const TURNS = 60
const WARM_UP = 6
const BUDGET = 1.25

const wide = { windowMs: minutes(60), triesPerAddress: 1e9, triesPerAccount: 1e9, triesPerAccountEverywhere: 1e9 }
const UNLIMITED = {
  limits: { perAddress: 1e9, perSession: 1e9 },
  logInLimits: wide,
  accountLimits: { mails: wide, password: wide, linkCode: wide, secondFactor: wide },
}

const ASKED = [
  ['log-in with a wrong password', '/api/v1/auth/login', { password: 'not the password at all' }],
  ['asking for a password link', '/api/v1/auth/password-reset', {}],
] as const

export const enumeration: Bench = async (engine) => {
  const server = await aServer(engine, UNLIMITED)
  try {
    const rows: BenchRow[] = []
    for (const [work, path, rest] of ASKED) {
      const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
      for (let turn = -WARM_UP; turn < TURNS; turn += 1) {
        for (const who of ['known', 'unknown'] as const) {
          const email = who === 'known' ? FIXTURE_EMAILS.patient : `nobody-${turn}@nowhere.test`
          const begin = performance.now()
          await server.request('POST', path, { body: { email, ...rest } })
          if (turn >= 0) times[who].push(performance.now() - begin)
        }
      }
      rows.push(rowOf(engine, work, middle(times.known), middle(times.unknown)))
    }
    return rows
  } finally {
    await server.stop()
  }
}

const middle = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

/** The longer by the shorter, whichever it is. */
function rowOf(engine: string, work: string, known: number, unknown: number): BenchRow {
  const ratio = Math.max(known, unknown) / Math.min(known, unknown)
  const against = [{ name: 'unknown address', value: unknown }]
  return {
    name: 'enumeration',
    work,
    engine,
    ours: known,
    unit: 'ms',
    against,
    ratio,
    budget: BUDGET,
    ok: ratio <= BUDGET,
  }
}
