/** A command of the server in a process of its own, judged by what it prints and how it ends. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** @param env all that the command finds in its environment, beside the way to programs */
export function runCommand(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, env: { PATH, NODE_COMPILE_CACHE, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}
