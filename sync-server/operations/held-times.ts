/**
 * Who holds time around the visits that a batch of writes asks for, looked up under the clinic's lock.
 *
 * A quick batch looks for all its jobs in one statement before the first of them runs, and adds what they write as it goes. That
 * holds as long as every write to the appointments passes through here; after any other, each job looks for itself.
 */
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { AppointmentTypeId, ClinicId, DoctorId, PatientId } from '#domain/ids.ts'
import { type Interval, overlaps } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { BatchTransaction } from '#server/database/batch-transaction.ts'
import { type HeldTime, type Look, lockHeldTime } from '#server/repositories/appointments.ts'
import type { Types } from './types-of-clinic.ts'

/** The visit a job will ask time for, as far as that is known before it runs. */
export type ComingVisit = {
  readonly doctorId: DoctorId
  readonly patientId: PatientId
  readonly typeId: AppointmentTypeId
  readonly start: Instant
}

export type HeldAround = {
  /** Of the doctor, with their neighbours as far as buffers reach. */
  readonly ofDoctor: readonly HeldTime[]
  /** Of the patient, during the visit. */
  readonly ofPatient: readonly HeldTime[]
}

export class HeldTimes {
  readonly #batchTx: BatchTransaction
  readonly #clinicId: ClinicId
  #looks: readonly (Look & { readonly found: readonly HeldTime[] })[] = []
  /** The appointments written in this batch as they are now; null where they hold no time. */
  readonly #written = new Map<string, HeldTime | null>()
  #writes = 0

  constructor(batchTx: BatchTransaction, clinicId: ClinicId) {
    this.#batchTx = batchTx
    this.#clinicId = clinicId
  }

  /** Looks for several visits at once. Call before anything was written. */
  async lookAhead(visits: readonly ComingVisit[], types: Types): Promise<void> {
    const looks = visits.flatMap(({ doctorId, patientId, typeId, start }) => {
      const type = types.get(typeId)
      return type ? looksFor({ doctorId, patientId, start, end: start + minutes(type.durationMinutes) }, types) : []
    })
    if (looks.length === 0) return
    const found = await lockHeldTime(this.#batchTx.tx, this.#clinicId, looks)
    this.#looks = looks.map((look, index) => ({ ...look, found: found[index] ?? [] }))
    this.#writes = this.#batchTx.writesTo('appointments')
  }

  async around(visit: Interval & Pick<HeldTime, 'doctorId' | 'patientId'>, types: Types): Promise<HeldAround> {
    const looks = looksFor(visit, types)
    const known = looks.map((look) => this.#known(look))
    const [ofDoctor, ofPatient] = known.every((found) => found !== undefined)
      ? known
      : await lockHeldTime(this.#batchTx.tx, this.#clinicId, looks)
    return { ofDoctor: ofDoctor ?? [], ofPatient: ofPatient ?? [] }
  }

  /** Call with every appointment that is written, and with nothing else. */
  note(visit: WireDocument<'appointments'>): void {
    this.#writes += 1
    const isHeld = !visit._deleted && holdsTime(visit.status)
    this.#written.set(visit.id, isHeld ? visit : null)
  }

  #known(look: Look): readonly HeldTime[] | undefined {
    if (this.#batchTx.writesTo('appointments') !== this.#writes) return undefined
    const before = this.#looks.find((each) => covers(each, look))
    if (!before) return undefined
    const stored = before.found.filter(({ id }) => !this.#written.has(id))
    const written = [...this.#written.values()].filter((visit) => visit !== null)
    const isAskedFor = (visit: HeldTime) => ownerOf(visit, look) === look.id && overlaps(visit, look.stretch)
    return [...stored, ...written].filter(isAskedFor).sort((a, b) => a.start - b.start)
  }
}

const ownerOf = ({ doctorId, patientId }: HeldTime, { whose }: Look): string =>
  whose === 'doctor' ? doctorId : patientId

const covers = (wide: Look, look: Look): boolean =>
  wide.whose === look.whose &&
  wide.id === look.id &&
  wide.stretch.start <= look.stretch.start &&
  wide.stretch.end >= look.stretch.end

function looksFor(
  { doctorId, patientId, start, end }: Interval & Pick<HeldTime, 'doctorId' | 'patientId'>,
  types: Types,
): [Look, Look] {
  const margin = longestBufferMs(types)
  return [
    { whose: 'doctor', id: doctorId, stretch: { start: start - margin, end: end + margin } },
    { whose: 'patient', id: patientId, stretch: { start, end } },
  ]
}

/** How far around a visit its neighbours matter, in milliseconds. */
function longestBufferMs(types: Types): number {
  let longest = 0
  for (const { bufferBeforeMinutes, bufferAfterMinutes } of types.values()) {
    longest = Math.max(longest, bufferBeforeMinutes, bufferAfterMinutes)
  }
  return minutes(longest)
}
