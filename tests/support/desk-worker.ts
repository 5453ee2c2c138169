/** The thread of a remote desk. */
import { parentPort, workerData } from 'node:worker_threads'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import { doSomething } from './desk-deeds.ts'
import type { Asked, Command, RemoteDeskOptions, Told } from './remote-desk.ts'
import { openSyncClient } from './sync-client.ts'

const options = workerData as RemoteDeskOptions
const client = await openSyncClient({ ...options, now: () => options.now })
const random = seededRandom(options.seed)

const tell = (told: Told): void => parentPort?.postMessage(told)

async function obey(command: Command): Promise<unknown> {
  if (command.name === 'all') return client.all(command.collection)
  if (command.name === 'work') return work(command.milliseconds)
  if (command.name === 'status') return client.sync.getStatus()
  if (command.name === 'kick') return client.sync.kick()
  return client.stop()
}

async function work(milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds
  let deeds = 0
  for (; performance.now() < until; deeds++) {
    await doSomething(client, random)
    await new Promise((resolve) => setTimeout(resolve, random.between(1, 25)))
  }
  return deeds
}

parentPort?.on('message', ({ number, command }: Asked) => {
  obey(command).then(
    (value) => tell({ number, value }),
    (error: Error) => tell({ number, problem: error.stack ?? error.message }),
  )
})
tell({ number: 0, value: client.user })
