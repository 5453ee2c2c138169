/** What a revoked device makes of the server's answers, one by one; the whole way is in tests/sync/revoked-device-client.test.ts. */
import { describe, expect, it } from 'vitest'
import { MAX_HANDED_IN, type Revocation } from '#domain/api/hand-in-api.ts'
import { settleRevocation } from '#renderer/app/session/revocation.ts'
import type { ApiFailure, ApiResult, Call } from '#renderer/server-api/api-call.ts'
import type { UnsentRow } from '#renderer/server-api/hand-in-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { testId } from '#tests/support/builders.ts'

const ME = testId<'User'>('User', 1)
const refused = (status: number, code: string, more: object = {}): ApiFailure => ({
  ok: false,
  kind: 'refused',
  status,
  code,
  message: 'No.',
  ...more,
})
const revoked = (part: Partial<Revocation>): ApiFailure =>
  refused(403, 'device-revoked', {
    revocation: { userId: ME, ticket: null, expiresAt: null, handedIn: null, ...part },
  })
const rowOf = (number: number): UnsentRow => ({
  collection: 'appointments',
  row: { newDocumentState: { id: testId('Appointment', number), _deleted: false } },
})

/** Gives the answers in turn, the last one again and again. */
function aDevice(answers: readonly ApiFailure[], rows: readonly UnsentRow[] = [rowOf(1)], isLeader = true) {
  const given: (readonly UnsentRow[])[] = []
  const refusals: ApiFailure[] = []
  let turn = 0
  const api = {
    me: async () => answers[Math.min(turn++, answers.length - 1)],
    call: async <Answer>({ body, pick }: Call<Answer>): Promise<ApiResult<Answer>> => {
      const refusal = refusals.shift()
      if (refusal) return refusal
      const { changes } = body as { readonly changes: readonly UnsentRow[] }
      given.push(changes)
      return { ok: true, value: pick({ handedIn: changes.length }) }
    },
  } as unknown as ServerApi
  const sync = {
    unsentRows: async () => rows,
    countWaiting: async () => rows.length,
    getStatus: () => ({ isLeader, connection: { phase: 'revoked' } }),
    kick: () => undefined,
  } as never
  const settle = () => settleRevocation({ api, sync, userId: ME, pause: async () => undefined })
  return { settle, given, refusals, asked: () => turn }
}

describe('a revoked device', () => {
  it('asks again while nobody, or a server in trouble, answers', async () => {
    const offline: ApiFailure = { ok: false, kind: 'offline', reason: 'server-unreachable' }
    const device = aDevice([offline, refused(503, 'busy'), refused(429, 'too-many-requests'), revoked({ ticket: 'a' })])
    expect(await device.settle()).toEqual({ kind: 'handed-in', count: 1, left: 0 })
    expect(device.asked()).toBe(4)
    expect(device.given).toEqual([[rowOf(1)]])
  })

  it('whose answer was lost does not hand in twice, and says what it handed in', async () => {
    const device = aDevice([revoked({ handedIn: 3 })])
    expect(await device.settle()).toEqual({ kind: 'handed-in', count: 3, left: 0 })
    expect(device.given).toEqual([])
  })

  it('takes a new ticket where the one it had was replaced', async () => {
    const device = aDevice([revoked({ ticket: 'a' })])
    device.refusals.push(refused(403, 'code-invalid'))
    expect(await device.settle()).toMatchObject({ kind: 'handed-in' })
    expect(device.asked()).toBe(2)
  })

  it('hands in nothing under the name of somebody else', async () => {
    const device = aDevice([revoked({ ticket: 'a', userId: testId('User', 2) })])
    expect(await device.settle()).toEqual({ kind: 'not-handed-in' })
    expect(device.given).toEqual([])
  })

  it('that the server no longer knows says that nothing was handed in', async () => {
    expect(await aDevice([refused(401, 'not-signed-in')]).settle()).toEqual({ kind: 'not-handed-in' })
  })

  it('says how many changes did not fit', async () => {
    const rows = Array.from({ length: MAX_HANDED_IN + 2 }, (_, number) => rowOf(number))
    const device = aDevice([revoked({ ticket: 'a' })], rows)
    expect(await device.settle()).toEqual({ kind: 'handed-in', count: MAX_HANDED_IN, left: 2 })
  })

  it('leaves it to the tab that talks to the server', async () => {
    const device = aDevice([revoked({ ticket: 'a' })], [rowOf(1)], false)
    expect(await device.settle()).toEqual({ kind: 'elsewhere' })
    expect(device.asked()).toBe(0)
  })
})
