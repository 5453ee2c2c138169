import { clinicAudience, doctorAudience } from '#domain/access/audiences.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { WriteContext } from './write-context.ts'

/**
 * The desks hear that a time of this doctor is kept, or free again. What runs out by itself needs no word: whoever shows a hold
 * knows when it ends.
 */
export function tellOfHolds({ touch, clinicId }: Pick<WriteContext, 'touch' | 'clinicId'>, doctorId: DoctorId): void {
  touch('holds', [clinicAudience(clinicId), doctorAudience(doctorId)])
}
