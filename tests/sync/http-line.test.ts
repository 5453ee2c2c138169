/** What the line of HTTP makes of answers, each as the close or the error a socket would give. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { deviceClock } from '#renderer/local-db/clock.ts'
import { createHttpLine } from '#renderer/local-db/http-line.ts'
import { readEvents } from '#renderer/local-db/read-events.ts'
import type { SocketLike } from '#renderer/local-db/sync-line.ts'

let line: SocketLike
afterEach(() => line.close())

type Reply = { readonly status?: number; readonly type?: string; readonly body: string }
const PROBLEM = 'application/problem+json'
const problem = (status: number, code: string, more: object = {}): Reply => ({
  status,
  type: PROBLEM,
  body: JSON.stringify({ code, detail: 'words', ...more }),
})

/** A line whose requests are answered with this; it notes what was asked and said. */
function open({ status = 200, type = 'application/json', body }: Reply) {
  const seen = { asked: [] as string[], bodies: [] as unknown[], said: [] as unknown[], closed: [] as number[] }
  line = createHttpLine({
    fetch: async (path, request) => {
      seen.asked.push(`${request.method} ${path}`)
      seen.bodies.push(request.body)
      return new Response(body, { status, headers: { 'content-type': type } })
    },
    clock: deviceClock,
    random: () => 0,
  })
  line.onmessage = ({ data }) => void seen.said.push(JSON.parse(String(data)))
  line.onclose = ({ code }) => void seen.closed.push(code)
  return seen
}
const ask = (method: string, params: readonly unknown[], collection = 'appointments') =>
  line.send(JSON.stringify({ id: 'r1', collection, method, params }))

describe('a frame over HTTP', () => {
  test('is a request to the address of its collection and version, and is answered as a frame', async () => {
    const seen = open({ body: '{"documents":[],"checkpoint":{"lwt":3,"id":"e~a.3"}}' })
    ask('masterChangesSince', [{ lwt: 2, id: 'e~a.2' }, 50])
    await vi.waitFor(() => expect(seen.said).toHaveLength(1))
    expect(seen.asked).toEqual(['GET /sync/appointments/1/pull?lwt=2&id=e~a.2&limit=50'])
    expect(seen.said).toEqual([
      { id: 'r1', collection: 'appointments', result: { documents: [], checkpoint: { lwt: 3, id: 'e~a.3' } } },
    ])
  })

  test('that pushes carries its rows alone', async () => {
    const seen = open({ body: '[]' })
    ask('masterWrite', [[{ newDocumentState: { id: 'one' } }]], 'patients')
    await vi.waitFor(() => expect(seen.said).toEqual([{ id: 'r1', collection: 'patients', result: [] }]))
    expect(seen.asked).toEqual(['POST /sync/patients/0/push'])
    expect(seen.bodies).toEqual(['[{"newDocumentState":{"id":"one"}}]'])
  })

  test.each([
    [problem(503, 'busy', { retryAfterSeconds: 2 }), { code: 'BUSY', message: 'words', retryAfter: 2_000 }],
    [problem(429, 'too-many-requests'), { code: 'BUSY', message: 'words', retryAfter: 1_000 }],
    [problem(400, 'invalid-field', { field: 'id' }), { code: 'BAD_REQUEST', message: 'words', field: 'id' }],
    [problem(413, 'body-too-large'), { code: 'BAD_REQUEST', message: 'words' }],
    [problem(500, 'internal-error'), { code: 'UNAVAILABLE', message: 'words' }],
  ])('that is answered with %j is an error of its own', async (reply, error) => {
    const seen = open(reply)
    ask('masterWrite', [[]])
    await vi.waitFor(() => expect(seen.said).toEqual([{ id: 'r1', collection: 'appointments', error }]))
    expect(seen.closed).toEqual([])
  })

  test.each([
    [problem(401, 'not-signed-in'), CLOSE.unauthenticated],
    [problem(403, 'csrf-refused'), CLOSE.unauthenticated],
    [problem(403, 'device-revoked'), CLOSE.revoked],
    [problem(426, 'upgrade-required'), CLOSE.upgradeRequired],
    [problem(503, 'shutting-down'), CLOSE.serverRestarts],
    [{ status: 502, type: 'text/html', body: '<p>Bad gateway' }, 1006],
    [{ status: 403, type: 'text/html', body: '<p>Blocked by policy' }, 1006],
    [{ status: 200, type: 'text/html', body: '<p>Please accept' }, 1006],
    [{ status: 413, type: 'text/plain', body: 'too large' }, 1006],
  ])('that is answered with %j ends the line, and blames no change', async (reply, code) => {
    const seen = open(reply)
    ask('masterWrite', [[]])
    await vi.waitFor(() => expect(seen.closed).toEqual([code]))
    expect(seen.said).toEqual([])
  })

  test('that waits is forgotten with the line', async () => {
    const signals: AbortSignal[] = []
    line = createHttpLine({
      fetch: (_, { signal }) => {
        signals.push(signal)
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
      clock: deviceClock,
      random: () => 0,
    })
    const closed = vi.fn()
    line.onclose = closed
    ask('ping', [])
    line.close()
    await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true))
    expect(closed).not.toHaveBeenCalled()
  })
})

test('a stream that begins pokes everything, since nobody listened before it, and so does the next one', async () => {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = []
  const paths: string[] = []
  const said: unknown[] = []
  line = createHttpLine({
    fetch: async (path) => {
      paths.push(path)
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) })
      return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
    },
    clock: deviceClock,
    random: () => 0,
  })
  line.onmessage = ({ data }) => void said.push(JSON.parse(String(data)).collection)
  ask('masterChangeStream$', [], 'patients')
  ask('masterChangeStream$', [], 'holds')
  const write = (text: string) => streams.at(-1)?.enqueue(new TextEncoder().encode(text))
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  expect(said).toEqual([])
  write(': listening\n\n')
  await vi.waitFor(() => expect(said).toEqual(['patients', 'holds']))
  write('event: poke\ndata: {"id":"stream","collection":"patients","result":"RESYNC"}\n\n')
  await vi.waitFor(() => expect(said).toEqual(['patients', 'holds', 'patients']))
  streams[0]?.close()
  await vi.waitFor(() => expect(streams).toHaveLength(2))
  write(': listening\n\n')
  await vi.waitFor(() => expect(said).toEqual(['patients', 'holds', 'patients', 'patients', 'holds']))
  expect(new Set(paths)).toEqual(new Set(['/sync/v1/pokes?names=patients,holds']))
})

test('events are read across any cut of the bytes, and comments are no events', async () => {
  const text =
    'retry: 1000\n: listening\n\nevent: poke\ndata: {"ä":1}\n\n: still here\n\nevent: end\ndata: x\ndata: y\n\n'
  const bytes = new TextEncoder().encode(text)
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.slice(n * size, (n + 1) * size),
    )
    let heard = 0
    const events = []
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })
    for await (const event of readEvents(body, () => (heard += 1))) events.push(event)
    expect(events).toEqual([
      { name: 'poke', data: '{"ä":1}' },
      { name: 'end', data: 'x\ny' },
    ])
    expect(heard).toBeGreaterThan(0)
  }
})
