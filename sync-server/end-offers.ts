/** From the moment the server listens until it closes, offers from the waitlist that nobody answered end when their time has passed. */
import type { Logger } from 'pino'
import { type Instant, seconds } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { App } from './http/app.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { endExpiredOffers } from './operations/settle-offers.ts'
import { listClinicsWithExpiredOffers } from './repositories/waitlist.ts'

type Parts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly log: Pick<Logger, 'error'>
}

const EVERY_MS = seconds(30)

export function endOffersInTime(app: App, parts: Parts): void {
  let timer: NodeJS.Timeout | undefined
  app.addHook('onListen', async () => {
    timer = setInterval(() => {
      // What could not be looked at now is looked at by the next round.
      endOffers(parts).catch((error: unknown) => parts.log.error({ err: error }, 'could not end offers'))
    }, EVERY_MS)
    timer.unref()
  })
  app.addHook('onClose', async () => clearInterval(timer))
}

/** One round over all clinics; several servers may run it at once. Returns how many offers ended. */
export async function endOffers({ database, writer, now }: Omit<Parts, 'log'>): Promise<number> {
  let ended = 0
  for (const clinicId of await database.read((tx) => listClinicsWithExpiredOffers(tx, now()))) {
    ended += await writer.submit<number>(clinicId, 'bulk', {
      subject: null,
      door: 'job',
      run: async (ctx) => ({ ok: true, value: await endExpiredOffers(ctx) }),
    })
  }
  return ended
}
