import { useEffect, useState } from 'react'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import { isLive } from '#domain/schedule/allotment.ts'
import { pickProposals } from '#domain/schedule/pick-proposals.ts'
import { firstWishedDay, isWished } from '#domain/schedule/wished-time.ts'
import { startOfDay, timeOfMinute, toInstant, toLocal } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { isKeptHere } from '#renderer/local-db/allotments.ts'
import { freeTimesLocally, seatsLocally } from '#renderer/local-db/free-times-local.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { findObstacle, type LocalRefusal, OVERBOOKABLE, type WantedPlace } from '#renderer/local-db/place-check.ts'
import { useCalendarVersion } from '#renderer/local-db/use-calendar-version.ts'
import type { Offer, SeatedSlot, Slot, Slots, Wanted } from './slot-types.ts'
import type { Draft } from './use-draft.ts'

/** What the times depend on, of all that is filled in. */
type Question = Pick<Draft, 'patientId' | 'doctorId' | 'usualDoctorId' | 'wish'> & {
  readonly type: AppointmentType
  readonly wanted: Wanted | null
  /** Then what this device keeps is offered first. */
  readonly isOffline: boolean
}

const PROPOSALS = 4
/** Certain weekdays come around less often. */
const DAYS_FOR_WEEKDAYS = 42
/** Stands in while no patient is chosen: nobody's visits are in the way. */
const NOBODY = '' as PatientId
/** A visit that is not there yet: no other one has this id. */
const NEW_VISIT = '' as AppointmentId

/** The times to offer, on any day and as the calendar stands; undefined until they are worked out. */
export function useSlots(clinic: Clinic, draft: Draft, wanted: Wanted | null): Slots | undefined {
  const [slots, setSlots] = useState<Slots>()
  const version = useCalendarVersion()
  const isOffline = useSyncStatus().connection.phase === 'offline'
  const { type, patientId, doctorId, usualDoctorId, wish } = draft
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for visits, schedules and held times
  useEffect(() => {
    let isCurrent = true
    if (!type) return
    const question = { type, patientId, doctorId, usualDoctorId, wish, wanted, isOffline }
    void Promise.all([offersAsked(clinic, question), propose(clinic, question)]).then(([asked, proposals]) => {
      const isOther = (slot: Slot): boolean =>
        !asked.some(({ doctorId: whose, start }) => whose === slot.doctorId && start === slot.start)
      if (isCurrent) {
        setSlots({ asked, proposals: proposals.filter(isOther).slice(0, PROPOSALS), isWish: wish !== null })
      }
    })
    return () => {
      isCurrent = false
    }
  }, [clinic, wanted, type, patientId, doctorId, usualDoctorId, wish, isOffline, version])
  return type ? slots : undefined
}

/** The one place that is asked for: named by its time, or pointed at while nothing else is said. */
function placeOf({ desk, zone }: Clinic, { wish, wanted, doctorId, usualDoctorId }: Question): Wanted | null {
  if (wish === null) return wanted && (doctorId === null || doctorId === wanted.doctorId) ? wanted : null
  const whose = doctorId ?? wanted?.doctorId ?? usualDoctorId
  if (wish.minute === null || whose === null) return null
  return { doctorId: whose, day: firstWishedDay(wish, toLocal(desk.now(), zone)), minute: wish.minute }
}

async function offersAsked(clinic: Clinic, question: Question): Promise<readonly Offer[]> {
  const place = placeOf(clinic, question)
  if (!place) return []
  const { desk, zone } = clinic
  const { type, patientId } = question
  const { doctorId } = place
  const answer = toInstant(place.day, timeOfMinute(place.minute), zone)
  const judge = async (start: Instant, repeat: Offer['repeat']): Promise<Offer> => {
    const end = start + minutes(type.durationMinutes)
    const visit = { id: NEW_VISIT, current: null, doctorId, patientId: patientId ?? NOBODY, type, start, end }
    const refusal = await findObstacle(desk, visit)
    const leases = desk.ownLeases?.() ?? []
    const isFinal = !refusal && isKeptHere({ ...visit, typeId: type.id, roomId: null }, leases, clinic.typeOf)
    return {
      doctorId,
      start,
      repeat,
      seats: await seatsLocally(desk, type, { doctorId, start }),
      obstacle: refusal?.reason ?? null,
      isKept: question.isOffline && isFinal,
      canOverbook: await mayStandBeside(visit, refusal),
    }
  }
  /** The doctor's full time can be overbooked; what else speaks against the visit must be nothing. */
  const mayStandBeside = async (visit: WantedPlace, refusal: LocalRefusal | undefined): Promise<boolean> =>
    refusal !== undefined &&
    OVERBOOKABLE.has(refusal.reason) &&
    clinic.may('overbook-appointment', visit) &&
    (await findObstacle(desk, { ...visit, isOverbooked: true })) === undefined
  if (answer.ok) return [await judge(answer.instant, null)]
  if (answer.reason === 'skipped-hour')
    return [
      { doctorId, start: answer.resumes, repeat: null, seats: null, obstacle: 'skipped-hour', canOverbook: false },
    ]
  return Promise.all([judge(answer.earlier, 'earlier'), judge(answer.later, 'later')])
}

async function propose(clinic: Clinic, question: Question): Promise<readonly SeatedSlot[]> {
  const { desk, zone, bookable } = clinic
  const { type, doctorId, usualDoctorId, wish, wanted } = question
  const known = [wanted?.doctorId, usualDoctorId].filter((id): id is DoctorId => id != null)
  const free = await freeTimesLocally(desk, {
    typeId: type.id,
    doctorIds: doctorId === null ? bookable.map(({ id }) => id) : [doctorId],
    notBefore: wish ? startOfDay(wish.fromDay, zone) : startOfWanted(clinic, wanted),
    ...(wish && wish.weekdays.length > 0 && { days: DAYS_FOR_WEEKDAYS }),
  })
  const fitting = wish
    ? free.filter(({ start }) => {
        const { day, time } = toLocal(start, zone)
        return isWished(wish, day, time)
      })
    : free
  const kept = await keptTimes(clinic, question)
  // One more than is shown: the place that is asked for may be among them.
  const isOther = (slot: Slot) => !kept.some((one) => one.doctorId === slot.doctorId && one.start === slot.start)
  const picked = pickProposals(fitting.filter(isOther), known, PROPOSALS + 1 - kept.length)
  const seated = picked.map(async (slot) => ({ ...slot, seats: await seatsLocally(desk, type, slot) }))
  return [...kept, ...(await Promise.all(seated))]
}

/** Half of what is offered is what stands without the server, where it cannot be asked and the time was not named. */
const MOST_KEPT = 2

/** Times that this device keeps for a visit of the type, the next ones first. */
async function keptTimes(clinic: Clinic, question: Question): Promise<readonly SeatedSlot[]> {
  const { desk } = clinic
  const { type, doctorId, patientId, wish, isOffline } = question
  if (!isOffline || wish !== null) return []
  const found: SeatedSlot[] = []
  const leases = (desk.ownLeases?.() ?? []).filter((lease) => isLive(lease, desk.now()))
  for (const lease of leases.toSorted((a, b) => a.start - b.start)) {
    if (found.length === MOST_KEPT) break
    if (doctorId !== null && lease.doctorId !== doctorId) continue
    const [start, end] = [lease.start, lease.start + minutes(type.durationMinutes)]
    const visit = {
      id: NEW_VISIT,
      current: null,
      doctorId: lease.doctorId,
      patientId: patientId ?? NOBODY,
      type,
      start,
      end,
    }
    const isFinal = isKeptHere({ ...visit, typeId: type.id, roomId: null }, leases, clinic.typeOf)
    if (isFinal && !(await findObstacle(desk, visit))) found.push({ ...visit, seats: null, isKept: true })
  }
  return found
}

function startOfWanted({ desk, zone }: Clinic, wanted: Wanted | null): Instant {
  const around = wanted && toInstant(wanted.day, timeOfMinute(wanted.minute), zone)
  return around?.ok ? around.instant : desk.now()
}
