/** Servers in processes of their own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { FIXTURE_EMAILS } from './fixture-clinic.ts'
import type { Order } from './server-child.ts'

const ROOT = join(import.meta.dirname, '../..')
export const CHILD_PASSWORD = 'four words in a row'

/** `loaded`: it has read its code and waits for its order. */
export type Child = { readonly process: ChildProcess; readonly lines: Interface; readonly loaded: Promise<unknown> }

export class ServerProcesses {
  readonly #running = new Set<ChildProcess>()

  /** Begins to load; may be done while the one before still runs. */
  spawn(): Child {
    const child = spawn(process.execPath, ['tests/support/server-child.ts'], {
      cwd: ROOT,
      env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled') },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    if (!child.stdout) throw new Error('The child has no output')
    const lines = createInterface({ input: child.stdout })
    return { process: child, lines, loaded: once(lines, 'line') }
  }

  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL')
    this.#running.clear()
  }
}

/** @returns the address it listens at */
export async function startServer(child: Child, order: Order): Promise<string> {
  await child.loaded
  const listening = once(child.lines, 'line')
  child.process.stdin?.write(`${JSON.stringify(order)}\n`)
  return String((await listening)[0])
}

/** @returns a token of the fixture's receptionist */
export async function logInAt(url: string): Promise<string> {
  const body = JSON.stringify({ email: FIXTURE_EMAILS.receptionist, password: CHILD_PASSWORD })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body })
  if (answer.status !== 200) throw new Error(`not logged in: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { token: string }).token
}
