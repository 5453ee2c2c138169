/** From the moment the server listens until it closes, what has outlived its use is thrown away, every hour. */
import type { Logger } from 'pino'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { App } from './http/app.ts'
import { forgetOldKeys } from './operations/forget-old-keys.ts'

export type HouseParts = {
  readonly database: Database
  readonly now: () => Instant
  readonly log: Pick<Logger, 'error'>
}

const EVERY_MS = hours(1)

export function keepHouse(app: App, { database, now, log }: HouseParts): void {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> = Promise.resolve()
  const clean = (): void => {
    round = round
      .then(() => forgetOldKeys(database, now(), stopping.signal))
      .catch((error: unknown) => log.error({ err: error }, 'old idempotency keys could not be deleted'))
  }
  app.addHook('onListen', async () => {
    clean()
    timer = setInterval(clean, EVERY_MS).unref()
  })
  app.addHook('onClose', async () => {
    stopping.abort()
    clearInterval(timer)
    await round
  })
}
