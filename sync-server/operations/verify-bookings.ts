import type { ClinicId } from '#domain/ids.ts'
import type { Database } from '#server/database/database.ts'
import { listOverlaps, type Overlap } from '#server/repositories/overlaps.ts'

/** Looks through all bookings of a clinic for two visits in one doctor's or one patient's time. Must find none. */
export function verifyBookings(database: Database, clinicId: ClinicId): Promise<readonly Overlap[]> {
  return database.read((tx) => listOverlaps(tx, clinicId))
}
