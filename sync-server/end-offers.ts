/** Offers from the waitlist that nobody answered end when their time has passed. */
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { endExpiredOffers } from './operations/settle-offers.ts'
import { listClinicsWithExpiredOffers } from './repositories/waitlist.ts'

type Parts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
}

/** One round over all clinics; several servers may run it at once. Returns how many offers ended. */
export async function endOffers({ database, writer, now }: Parts): Promise<number> {
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
