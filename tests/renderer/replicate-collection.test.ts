import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { deviceClock } from '#renderer/local-db/clock.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { type CollectionReplication, replicateCollection } from '#renderer/local-db/replicate-collection.ts'
import { SyncError } from '#renderer/local-db/sync-error.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { FakeSyncServer } from '#tests/support/fake-sync-server.ts'

let database: LocalDatabase
let server: FakeSyncServer
let replication: CollectionReplication<'appointments'>

beforeEach(async () => {
  database = await openLocalDatabase({
    serverId: `http://${crypto.randomUUID()}.test`,
    userId: testId('User'),
    key: null,
    multiInstance: false,
  })
  server = new FakeSyncServer()
  replication = replicateCollection({
    database,
    name: 'appointments',
    socket: server as never,
    clock: deviceClock,
    random: () => 0,
  })
})

afterEach(async () => {
  await replication.cancel()
  await database.close()
})

const local = async (id: string) =>
  (await database.appointments.findOne(id).exec())?.toJSON() as Appointment | undefined
const untilLocal = (id: string, fits: (appointment: Appointment) => boolean) =>
  vi.waitFor(async () => {
    const found = await local(id)
    if (!found || !fits(found)) throw new Error(`still ${JSON.stringify(found?.revision)}`)
    return found
  })
const started = async () => {
  await replication.state.start()
  await replication.state.awaitInitialReplication()
}
const gate = () => Promise.withResolvers<void>()

describe('a pull that was answered after a push was stored, and arrives before that push is recorded', () => {
  const appointment = anAppointment({ revision: 0 })

  it('brings the server’s state of a new document', async () => {
    await started()
    const [pullMayAnswer, pushMayAnswer] = [gate(), gate()]
    server.beforePullAnswer = () => pullMayAnswer.promise
    server.beforePushAnswer = async () => {
      // The push is stored; the open pull now sees it and is answered first.
      pullMayAnswer.resolve()
      await pushMayAnswer.promise
    }
    replication.poke()
    await vi.waitFor(() => expect(server.pulls).toBe(2))
    await database.appointments.insert(appointment)
    await vi.waitFor(() => expect(server.pushed).toHaveLength(1))
    // Time for the pull's answer to run through to the end, were it not held.
    await new Promise((resolve) => setTimeout(resolve, 30))
    pushMayAnswer.resolve()
    expect((await untilLocal(appointment.id, ({ revision }) => revision === 1)).revision).toBe(1)
  })

  it('brings it also when the push’s answer is lost and the push repeated', async () => {
    await started()
    const pullMayAnswer = gate()
    server.beforePullAnswer = () => pullMayAnswer.promise
    let isLost = false
    server.beforePushAnswer = async () => {
      if (isLost) return
      isLost = true
      pullMayAnswer.resolve()
      await new Promise((resolve) => setTimeout(resolve, 30))
      throw new SyncError('LOST', 'the connection was lost')
    }
    replication.poke()
    await vi.waitFor(() => expect(server.pulls).toBe(2))
    await database.appointments.insert(appointment)
    await untilLocal(appointment.id, ({ revision }) => revision === 1)
    expect(server.pushed).toHaveLength(2)
  })

  it('brings it also when the push belongs to the first run after a start', async () => {
    await database.appointments.insert(appointment)
    const [pullMayAnswer, pushMayAnswer] = [gate(), gate()]
    server.beforePullAnswer = () => pullMayAnswer.promise
    server.beforePushAnswer = async () => {
      pullMayAnswer.resolve()
      await pushMayAnswer.promise
    }
    await replication.state.start()
    await vi.waitFor(() => expect(server.pushed).toHaveLength(1))
    await new Promise((resolve) => setTimeout(resolve, 30))
    pushMayAnswer.resolve()
    await untilLocal(appointment.id, ({ revision }) => revision === 1)
  })
})

describe('a pull that was read before a push, and arrives after that push is recorded', () => {
  it('does not bring the former state back, not for a moment', async () => {
    await started()
    const appointment = anAppointment({ revision: 0, note: 'first' })
    await database.appointments.insert(appointment)
    await vi.waitFor(() => expect(server.pushed).toHaveLength(1))
    const [hasRead, pullMayAnswer] = [gate(), gate()]
    server.afterPullRead = async () => {
      hasRead.resolve()
      await pullMayAnswer.promise
    }
    replication.poke()
    await hasRead.promise
    const document = await database.appointments.findOne(appointment.id).exec()
    await document?.incrementalPatch({ note: 'second' })
    await vi.waitFor(() => expect(server.get('appointments', appointment.id)).toMatchObject({ note: 'second' }))
    await replication.state.internalReplicationState?.streamQueue.up
    const seen: string[] = []
    const watching = database.appointments.findOne(appointment.id).$.subscribe((one) => seen.push(one?.note ?? ''))
    pullMayAnswer.resolve()
    await untilLocal(appointment.id, ({ revision }) => revision === 2)
    watching.unsubscribe()
    expect(new Set(seen)).toEqual(new Set(['second']))
  })
})

describe('replication of a collection', () => {
  it('stops at once although a pull and a push wait for answers', async () => {
    await started()
    const never = gate()
    server.beforePullAnswer = () => never.promise
    server.beforePushAnswer = () => never.promise
    replication.poke()
    await database.appointments.insert(anAppointment({ revision: 0 }))
    await vi.waitFor(() => expect(server.pushed).toHaveLength(1))
    await replication.cancel()
    expect(replication.state.isStopped()).toBe(true)
  })

  it('sends the fields the server owns as the server last gave them', async () => {
    const appointment = anAppointment()
    server.put('appointments', appointment)
    await started()
    const document = await database.appointments.findOne(appointment.id).exec()
    await document?.incrementalPatch({ start: appointment.start + 86_400_000, localDay: '2026-10-15', updatedAt: 5 })
    await vi.waitFor(() => expect(server.pushed).toHaveLength(1))
    expect(server.pushed[0]?.newDocumentState).toMatchObject({
      start: appointment.start + 86_400_000,
      localDay: '2026-10-14',
      updatedAt: appointment.updatedAt,
    })
    expect(server.pushed[0]?.assumedMasterState).toMatchObject({ start: appointment.start, localDay: '2026-10-14' })
  })

  it('takes the server’s state when a change is refused, with one push and no more', async () => {
    const appointment = anAppointment()
    server.put('appointments', appointment)
    await started()
    server.rule = () => 'refused'
    const document = await database.appointments.findOne(appointment.id).exec()
    await document?.incrementalPatch({ note: 'mine' })
    await untilLocal(appointment.id, ({ note }) => note === '')
    await replication.state.awaitInSync()
    // RxDB sends the resolved state back once; the server finds nothing to do.
    expect(server.pushed.length).toBeLessThanOrEqual(2)
  })

  it('fakes no activity of a person, so that a desk left alone locks itself', async () => {
    const timers = vi.spyOn(globalThis, 'setInterval')
    await started()
    expect(timers.mock.calls.filter(([, milliseconds]) => Number(milliseconds) > 1_000)).toEqual([])
  })

  it('makes one pull out of a hundred pokes that come while one runs', async () => {
    await started()
    const answer = gate()
    server.beforePullAnswer = () => answer.promise
    for (let count = 0; count < 100; count += 1) replication.poke()
    await vi.waitFor(() => expect(server.pulls).toBe(2))
    for (let count = 0; count < 100; count += 1) replication.poke()
    answer.resolve()
    await replication.state.awaitInSync()
    expect(server.pulls).toBeLessThanOrEqual(3)
  })

  describe('a download of many pages over a line faster than the device', () => {
    const COUNT = 1_000
    const slowly = (deed: (call: number) => void) => {
      const storage = database.appointments.storageInstance
      const write = storage.bulkWrite.bind(storage)
      let calls = 0
      storage.bulkWrite = async (rows, context) => {
        await new Promise((resolve) => setTimeout(resolve, 40))
        calls += 1
        deed(calls)
        return write(rows, context)
      }
    }
    const offer = () => {
      for (let number = 1; number <= COUNT; number += 1) {
        server.put('appointments', anAppointment({ id: testId('Appointment', number) }))
      }
    }

    it('is written page by page, so that no write holds the screen up for long', async () => {
      offer()
      slowly(() => undefined)
      const sizes: number[] = []
      database.appointments.eventBulks$.subscribe(({ events }) => sizes.push(events.length))
      await started()
      expect(sizes).toEqual([200, 200, 200, 200, 200])
    })

    it('asks for two pages at once after the first', async () => {
      offer()
      await started()
      // 200, 400, 400, and one that finds nothing more.
      expect(server.pulls).toBe(4)
      expect(await database.appointments.count().exec()).toBe(COUNT)
    })

    it('takes a first answer whole, also where it holds more than a page', async () => {
      offer()
      const { pull } = server
      // As a server does that sends today before the rest.
      server.pull = (name, checkpoint, limit) => pull.call(server, name, checkpoint, checkpoint ? limit : limit + 95)
      await started()
      expect(await database.appointments.count().exec()).toBe(COUNT)
    })

    it('does not wait for ever for a page that could not be written, and says so', async () => {
      offer()
      const errors: unknown[] = []
      replication.state.error$.subscribe((error) => errors.push(error))
      slowly((call) => {
        if (call === 2) throw new Error('the disk is full')
      })
      await started()
      expect(errors).toHaveLength(1)
      expect(await local(testId('Appointment', COUNT))).toBeDefined()
    })
  })
})
