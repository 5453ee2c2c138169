import type { Subject } from '#domain/access/can.ts'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { Database } from '#server/database/database.ts'
import { type ClinicRow, getClinic } from '#server/repositories/clinic-rows.ts'
import { listAllTypes } from '#server/repositories/people.ts'
import { listAllDoctors, type Seen } from '#server/repositories/visible-people.ts'

/** What everybody in a clinic may know about it: no patient's data, so nothing is noted. */
export type Directory = {
  readonly clinic: ClinicRow
  /** In the order of the board, those who have left included. */
  readonly doctors: ReadonlyMap<DoctorId, Seen<Doctor>>
  /** Types that are offered no longer included: visits keep theirs. */
  readonly types: ReadonlyMap<AppointmentTypeId, AppointmentType & { readonly _deleted: boolean }>
}

/** The doctors and types of visit of the subject's clinic. */
export function readDirectory(
  { database }: { readonly database: Database },
  { clinicId }: Subject,
): Promise<Directory> {
  return database.read(async (tx) => {
    const doctors = await listAllDoctors(tx, { clinicId })
    const types = await listAllTypes(tx, clinicId)
    return {
      clinic: await getClinic(tx, clinicId),
      doctors: new Map(doctors.map((seen) => [seen.person.id, seen])),
      types: new Map(types.map((type) => [type.id, type])),
    }
  })
}
