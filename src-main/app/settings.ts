import { existsSync, readFileSync } from 'node:fs'
import Type from 'typebox'
import Value from 'typebox/value'
import { writeFileAtomically } from '#main/files/write-file-atomically.ts'
import type { ServerAnswer } from '#preload/contract.ts'
import { parseServerAddress } from './server-address.ts'

const DEFAULT_SERVER = 'http://127.0.0.1:4180'

const SettingsFile = Type.Object({ serverOrigin: Type.String() })

export type Settings = {
  readonly serverOrigin: () => string
  /** Keeps the address for the next starts, or says why it is refused. */
  readonly setServer: (address: string) => Promise<ServerAnswer>
}

/**
 * What the desktop remembers in plain text: the server's address, nothing secret.
 *
 * A file that cannot be read counts as absent, so that a damaged setting never keeps the app from starting.
 *
 * @param environmentAddress the address to use until one is chosen; a refused one is an error at start, not a silent default
 */
export function createSettings(path: string, environmentAddress: string | undefined): Settings {
  let origin = readOrigin(path) ?? defaultOrigin(environmentAddress)
  return {
    serverOrigin: () => origin,
    setServer: async (address) => {
      const answer = parseServerAddress(address)
      if (!answer.ok) return answer
      await writeFileAtomically(path, JSON.stringify({ serverOrigin: answer.origin }))
      origin = answer.origin
      return answer
    },
  }
}

function defaultOrigin(environmentAddress: string | undefined): string {
  const answer = parseServerAddress(environmentAddress || DEFAULT_SERVER)
  if (!answer.ok) throw new Error(`SYNC_SERVER_URL is refused: ${answer.reason}`)
  return answer.origin
}

function readOrigin(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const answer = Value.Check(SettingsFile, file) ? parseServerAddress(file.serverOrigin) : undefined
    return answer?.ok ? answer.origin : undefined
  } catch {
    return undefined
  }
}
