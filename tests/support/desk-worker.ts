/** The thread of a remote desk. */
import { parentPort, workerData } from 'node:worker_threads'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import { bookLocally, type Wish } from '#renderer/local-db/appointments-store.ts'
import { createAllotmentCalls } from '#renderer/server-api/allotment-calls.ts'
import { watchCausality } from './causal-watch.ts'
import { doSomething } from './desk-deeds.ts'
import type { Asked, Command, RemoteDeskOptions, Told } from './remote-desk.ts'
import { openSyncClient } from './sync-client.ts'

const options = workerData as RemoteDeskOptions
const client = await openSyncClient({ ...options, now: () => options.now })
const random = seededRandom(options.seed)
// A doctor's visits may be moved to another one.
const watch = watchCausality(client, client.user.doctorId === null)

const tell = (told: Told): void => parentPort?.postMessage(told)

async function obey(command: Command): Promise<unknown> {
  if (command.name === 'all') return client.all(command.collection)
  if (command.name === 'work') return work(command.deeds)
  if (command.name === 'book') return book(command.wishes)
  if (command.name === 'lease') return lease()
  if (command.name === 'seen') return { violations: await watch.violations(), acknowledged: watch.acknowledged() }
  if (command.name === 'status') return client.sync.getStatus()
  if (command.name === 'kick') return client.sync.kick()
  return client.stop()
}

/** Until so many things were written, with pauses of a human kind; many wishes are refused on the spot. */
async function work(deeds: number): Promise<number> {
  let tries = 0
  for (let done = 0; done < deeds; tries += 1) {
    if (await doSomething(client, random)) done += 1
    await new Promise((resolve) => setTimeout(resolve, random.between(1, 25)))
  }
  return tries
}

async function lease(): Promise<readonly Allotment[]> {
  const answer = await createAllotmentCalls(client.api).lease()
  if (!answer.ok) throw new Error(`no times are kept: ${JSON.stringify(answer)}`)
  return answer.value.allotments
}

async function book(wishes: readonly Wish[]): Promise<readonly string[]> {
  const answers = []
  for (const wish of wishes) answers.push(await bookLocally(client.desk, wish))
  return answers.map((answer) => (answer.ok ? answer.appointment.id : answer.reason))
}

parentPort?.on('message', ({ number, command }: Asked) => {
  obey(command).then(
    (value) => tell({ number, value }),
    (error: Error) => tell({ number, problem: error.stack ?? error.message }),
  )
})
tell({ number: 0, value: client.user })
