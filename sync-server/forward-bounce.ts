/**
 * What a mail server is given as the program for its bounces: reads one mail from standard input and passes it on, signed, to the
 * server on this machine. Reads the same settings; needs the same SECRET_KEY or DATA_DIR. Ends with 75 (try again later, as
 * sysexits.h says) where the server did not take it, so that the mail server keeps it.
 */
import { text } from 'node:stream/consumers'
import { openDataFolder } from './data-folder.ts'
import { signBounce } from './mail/bounce-rule.ts'
import { newIdSource } from './operations/new-id.ts'
import { BOUNCE_PATH, BOUNCE_TYPE } from './routes/bounce-routes.ts'
import { readSettings } from './settings.ts'

const TRY_AGAIN = 75
const NOT_SET_UP = 78
const PATIENCE_MS = 10_000

process.exitCode = await forward(await text(process.stdin))

async function forward(body: string): Promise<number> {
  const answer = readSettings(process.env, process.argv.slice(2))
  if (!answer.ok) return fail(NOT_SET_UP, answer.problems.join('\n'))
  const { dataDir, port, publicUrl } = answer.settings
  const secretKey = answer.settings.secretKey ?? openDataFolder(dataDir).findSecret('secret.key')
  if (secretKey === null) return fail(NOT_SET_UP, 'There is no secret.key in DATA_DIR and no SECRET_KEY.')
  const { id, timestamp, signature } = signBounce(secretKey, { id: newIdSource(Date.now)(), body, now: Date.now() })
  const headers = {
    'content-type': BOUNCE_TYPE,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  }
  const url = `${publicUrl ?? `http://127.0.0.1:${port}`}${BOUNCE_PATH}`
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) })
    return response.status === 204 ? 0 : fail(TRY_AGAIN, `The server answered ${response.status}.`)
  } catch {
    return fail(TRY_AGAIN, 'The server did not answer.')
  }
}

function fail(code: number, sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return code
}
