/** The stream of what one is told: for whoever signs in, of nobody else, and over when the session is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aTellingClinic, nineOn, PUBLIC_URL, type TellingClinic } from '#tests/support/telling-clinic.ts'

type Said = { readonly type: string; readonly unreadCount?: number; readonly notification?: { readonly kind: string } }

describe('the notification stream', () => {
  let told: TellingClinic
  beforeAll(async () => {
    told = await aTellingClinic('sqlite')
  })
  afterAll(() => told.stop())

  const open = (first: unknown, origin?: string) => {
    const url = `${told.server.url.replace('http', 'ws')}/api/v1/notifications/stream`
    const socket = new WebSocket(url, { ...(origin !== undefined && { origin }) })
    const said: Said[] = []
    let closed: number | undefined
    socket.on('message', (data) => void said.push(JSON.parse(String(data))))
    socket.on('close', (code) => {
      closed = code
    })
    socket.on('error', () => undefined)
    socket.on('open', () => socket.send(typeof first === 'string' ? first : JSON.stringify(first)))
    return { socket, said, closed: () => closed }
  }
  const bearer = async (role: 'doctor' | 'patient' | 'receptionist') => {
    const token = await told.server.logIn(role)
    return { token, hello: { type: 'auth', authorization: `Bearer ${token}` } }
  }
  const isReady = ({ said }: { said: Said[] }) => eventually('it is ready', () => said[0]?.type === 'ready')

  test('the doctor hears of a booking at once, somebody else hears nothing of it', async () => {
    const doctor = open((await bearer('doctor')).hello)
    const desk = open((await bearer('receptionist')).hello)
    await isReady(doctor)
    await isReady(desk)
    const visit = await told.book(0, { doctorId: testId('Doctor', 1), start: nineOn(3) })
    await told.settle()
    await eventually('the doctor was told', () => doctor.said.length > 1)
    expect(doctor.said[1]).toMatchObject({
      type: 'notification',
      notification: { kind: 'booked', appointmentId: visit.id },
    })
    await told.settle()
    expect([doctor.said.length, desk.said.length]).toEqual([2, 1])
    doctor.socket.close()
    desk.socket.close()
    const again = open((await bearer('doctor')).hello)
    await isReady(again)
    expect(again.said[0]?.unreadCount).toBe(1)
    again.socket.close()
  })

  test('a page signs in with a ticket of its origin, once', async () => {
    const { token } = await bearer('doctor')
    const answer = await told.server.request('POST', '/api/v1/auth/socket-ticket', {
      as: { token },
      headers: { origin: PUBLIC_URL },
    })
    const hello = { type: 'auth', ticket: answer.body.ticket }
    const page = open(hello, PUBLIC_URL)
    await isReady(page)
    const second = open(hello, PUBLIC_URL)
    await eventually('the second use is refused', () => second.closed() === CLOSE.unauthenticated)
    page.socket.close()
  })

  test.each([
    ['no JSON', 'hello'],
    ['no sign-in', { type: 'ready' }],
    ['another token', { type: 'auth', authorization: 'Bearer nonsense' }],
    ['a field too many', { type: 'auth', authorization: 'Bearer x', more: 1 }],
    ['a ticket without a page', { type: 'auth', ticket: 'x' }],
    ['a long message', 'x'.repeat(5_000)],
  ])('%s is shown the door', async (_, first) => {
    const stranger = open(first)
    await eventually('it is closed', () => stranger.closed() === CLOSE.unauthenticated)
    expect(stranger.said).toEqual([])
  })

  test('a page of another origin is not let in', async () => {
    const foreign = open({ type: 'auth', ticket: 'x' }, 'https://elsewhere.example')
    await eventually('it is closed', () => foreign.closed() !== undefined)
    expect(foreign.said).toEqual([])
  })

  test('a session that ends takes the stream with it', async () => {
    const { token, hello } = await bearer('doctor')
    const line = open(hello)
    await isReady(line)
    await told.server.request('POST', '/api/v1/auth/logout', { as: { token } })
    await eventually('it is closed', () => line.closed() === CLOSE.unauthenticated)
  })
})
