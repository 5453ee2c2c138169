/** Search parameters of Slot, as criteria of the operation that works slots out. */
import { parseSlotId, type SlotKey } from '#domain/fhir/slot-id.ts'
import { isFhirSlotStatus, toFhirSlotStatus } from '#domain/fhir/slot-status.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { Zone } from '#domain/time/clinic-time.ts'
import { HOUR_MS } from '#domain/time/instant.ts'
import { MOST_SLOT_DAYS } from '#server/operations/find-slots.ts'
import type { SlotCriteria } from '#server/operations/find-stated-slots.ts'
import type { Directory } from '#server/operations/read-directory.ts'
import { FhirError } from './fhir-error.ts'
import { badValue, type Search } from './fhir-request.ts'
import { boundsOf, inAll, referencesIn } from './search-values.ts'
import { typeSystemOf } from './to-appointment.ts'

export const SLOT_PARAMETERS = ['schedule', 'schedule.actor', 'start', 'status', 'service-type'] as const

/**
 * @returns undefined for a search that nothing can meet, such as one for a status that slots never have here
 * @throws FhirError naming the parameter that is missing, too wide or not understood
 */
export function slotCriteria(search: Search, base: string, { clinic, types }: Directory): SlotCriteria | undefined {
  const window = windowOf(search, clinic.zone)
  const doctors = [
    ...referencesIn(search, 'schedule', 'Schedule', base),
    // A Schedule has the id of its one actor.
    ...referencesIn(search, 'schedule.actor', 'Practitioner', base),
  ]
  const typeIds = search.all('service-type').map((value) => value.split(',').flatMap(typesIn(types, clinic.id)))
  const freedoms = search.all('status').map(freedomsIn)
  const wanted = freedoms.length === 0 ? [true, false] : inAll(freedoms)
  if (wanted.length === 0) return undefined
  const [isFree] = wanted
  return {
    window,
    ...(doctors.length > 0 && { doctorIds: inAll(doctors) as DoctorId[] }),
    ...(typeIds.length > 0 && { typeIds: inAll(typeIds) }),
    ...(wanted.length === 1 && isFree !== undefined && { isFree }),
  }
}

/** Where the page before ended: the id of its last slot, which says when that was. */
export function parseSlotPlace(text: string | undefined): SlotKey | undefined {
  if (text === undefined) return undefined
  const key = parseSlotId(text)
  if (!key) throw badValue('_after')
  return key
}

/** Slots are worked out, so a search must say for when; a day more than the limit allows for clocks that are set back. */
function windowOf(search: Search, zone: Zone): Interval {
  const { from, until } = boundsOf(search, 'start', zone)
  if (from === undefined || until === undefined) {
    const text =
      'A search of slots needs a window with both ends, such as start=2026-10-14 or start=ge2026-10-14&start=lt2026-10-16.'
    throw new FhirError(400, 'required', text, 'start')
  }
  if (until - from > (MOST_SLOT_DAYS * 24 + 1) * HOUR_MS) {
    throw new FhirError(400, 'too-costly', `The window must be no longer than ${MOST_SLOT_DAYS} days.`, 'start')
  }
  return { start: from, end: until }
}

function freedomsIn(value: string): boolean[] {
  const words = value.split(',')
  if (!words.every(isFhirSlotStatus)) throw badValue('status')
  return [true, false].filter((isFree) => words.includes(toFhirSlotStatus(isFree)))
}

/** A token of a type of visit: its code or id, alone or with the clinic's own system before it. */
const typesIn =
  (types: Directory['types'], clinicId: string) =>
  (token: string): AppointmentTypeId[] => {
    const [code = '', system] = token.split('|').reverse()
    if (system !== undefined && system !== '' && system !== typeSystemOf(clinicId)) return []
    return [...types.values()].filter((type) => type.code === code || type.id === code).map(({ id }) => id)
  }
