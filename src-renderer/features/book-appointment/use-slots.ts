import { useEffect, useState } from 'react'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import { type LocalDay, timeOfMinute, toInstant } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { nextFreeLocally } from '#renderer/local-db/free-times-local.ts'
import { findObstacle, type LocalReason } from '#renderer/local-db/place-check.ts'

/** A place on the board that was pointed at. */
export type Wanted = { readonly doctorId: DoctorId; readonly day: LocalDay; readonly minute: number }

export type Slot = { readonly doctorId: DoctorId; readonly start: Instant }
export type Offer = Slot & {
  /** Null when the visit fits. */
  readonly obstacle: LocalReason | null
  /** Which of the two times of a repeated hour. */
  readonly repeat: 'earlier' | 'later' | null
}
export type Slots = {
  /** What the cursor points at: one offer as a rule, two in a repeated hour. */
  readonly atCursor: readonly Offer[]
  /** Free times, at most four: the pointed-at doctor's next ones first. */
  readonly proposals: readonly Slot[]
}

const PROPOSALS = 4
const OWN_PROPOSALS = 2
/** Stands in while no patient is chosen: nobody's visits are in the way. */
const NOBODY = '' as PatientId
/** A visit that is not there yet: no other one has this id. */
const NEW_VISIT = '' as AppointmentId

/**
 * The times to offer; undefined until they are worked out.
 * @param version changes when the board's visits do
 */
export function useSlots(
  clinic: Clinic,
  wanted: Wanted | null,
  type: AppointmentType | undefined,
  patientId: PatientId | null,
  version: unknown,
): Slots | undefined {
  const [slots, setSlots] = useState<Slots>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the visits
  useEffect(() => {
    let isCurrent = true
    if (!type) return
    void Promise.all([offersAtCursor(clinic, wanted, type, patientId ?? NOBODY), propose(clinic, wanted, type)]).then(
      ([atCursor, proposals]) => {
        if (isCurrent) setSlots({ atCursor, proposals })
      },
    )
    return () => {
      isCurrent = false
    }
  }, [clinic, wanted, type, patientId, version])
  return type ? slots : undefined
}

async function offersAtCursor(
  { desk, zone }: Clinic,
  wanted: Wanted | null,
  type: AppointmentType,
  patientId: PatientId,
): Promise<readonly Offer[]> {
  if (!wanted) return []
  const { doctorId } = wanted
  const answer = toInstant(wanted.day, timeOfMinute(wanted.minute), zone)
  const judge = async (start: Instant, repeat: Offer['repeat']): Promise<Offer> => {
    const end = start + minutes(type.durationMinutes)
    const refusal = await findObstacle(desk, { id: NEW_VISIT, current: null, doctorId, patientId, type, start, end })
    return { doctorId, start, repeat, obstacle: refusal?.reason ?? null }
  }
  if (answer.ok) return [await judge(answer.instant, null)]
  if (answer.reason === 'skipped-hour')
    return [{ doctorId, start: answer.resumes, repeat: null, obstacle: 'skipped-hour' }]
  return Promise.all([judge(answer.earlier, 'earlier'), judge(answer.later, 'later')])
}

async function propose(
  { desk, zone, bookable }: Clinic,
  wanted: Wanted | null,
  type: AppointmentType,
): Promise<readonly Slot[]> {
  const around = wanted && toInstant(wanted.day, timeOfMinute(wanted.minute), zone)
  const notBefore = around?.ok ? around.instant : desk.now()
  const [own, any] = await Promise.all([
    wanted ? nextFreeLocally(desk, { typeId: type.id, doctorIds: [wanted.doctorId], notBefore, limit: PROPOSALS }) : [],
    nextFreeLocally(desk, {
      typeId: type.id,
      doctorIds: bookable.map(({ id }) => id),
      notBefore,
      limit: PROPOSALS * 2,
    }),
  ])
  const isCursor = ({ doctorId, start }: Slot): boolean =>
    around?.ok === true && doctorId === wanted?.doctorId && start === around.instant
  const chosen: Slot[] = []
  const take = (slots: readonly Slot[], limit: number): void => {
    for (const slot of slots) {
      const isKnown = chosen.some(({ doctorId, start }) => doctorId === slot.doctorId && start === slot.start)
      if (chosen.length < limit && !isKnown && !isCursor(slot)) chosen.push(slot)
    }
  }
  take(own, OWN_PROPOSALS)
  take(any, PROPOSALS)
  take(own, PROPOSALS)
  return chosen
}
