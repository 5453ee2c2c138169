/** The other end of `served.ts`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Cost, Start } from './served.ts'

const ROOT = join(import.meta.dirname, '../..')

export type ServedProcess = {
  readonly port: number
  readonly cost: () => Promise<Cost>
  /** One notice to every socket. */
  readonly tell: () => void
  readonly kill: () => Promise<void>
}

export async function startServed(start: Start): Promise<ServedProcess> {
  const child = spawn(process.execPath, ['--expose-gc', 'tests/support/served.ts'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const ask = (line: string) => void child.stdin.write(`${line}\n`)
  ask(JSON.stringify(start))
  const { port } = await nextLine<{ port: number }>(child, lines)
  return {
    port,
    cost: () => {
      const answer = nextLine<Cost>(child, lines)
      ask('cost')
      return answer
    },
    tell: () => ask('tell'),
    kill: async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

async function nextLine<Value>(child: ChildProcess, lines: Interface): Promise<Value> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The process has ended')))
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  return JSON.parse(line) as Value
}
