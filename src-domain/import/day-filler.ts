/**
 * Gives times to visits of which only the day is known: doctor after doctor, 15 minutes each from 08:00 to 18:00 on the wall,
 * in the order of the file. A row whose patient already has a visit at that time takes the next free slot instead; the slot it
 * left goes to the next row that can use it. A doctor is added when no slot is left.
 */
import { type LocalDay, type LocalTime, timeOfMinute } from '#domain/time/clinic-time.ts'

export const SLOT_MINUTES = 15
export const DAY_START_MINUTE = 8 * 60
export const DAY_END_MINUTE = 18 * 60
export const SLOTS_A_DAY = (DAY_END_MINUTE - DAY_START_MINUTE) / SLOT_MINUTES

/** A place in a day: the doctor's number at that location, from 0, and the wall-clock start. */
export type Place = { readonly doctor: number; readonly day: LocalDay; readonly time: LocalTime }

/** Fills one location's day; `place` answers undefined when the patient has no time of the day left. */
export function dayFiller(day: LocalDay): { readonly place: (patient: string) => Place | undefined } {
  const skipped: number[] = []
  const busy = new Map<string, Set<number>>()
  let nextFresh = 0

  const place = (patient: string): Place | undefined => {
    const times = busy.get(patient) ?? new Set<number>()
    if (times.size >= SLOTS_A_DAY) return undefined
    busy.set(patient, times)
    const isFree = (slot: number): boolean => !times.has(slot % SLOTS_A_DAY)
    const reused = skipped.findIndex(isFree)
    let slot = reused === -1 ? -1 : (skipped.splice(reused, 1)[0] ?? -1)
    while (slot === -1) {
      if (isFree(nextFresh)) slot = nextFresh
      else skipped.push(nextFresh)
      nextFresh += 1
    }
    times.add(slot % SLOTS_A_DAY)
    const minute = DAY_START_MINUTE + (slot % SLOTS_A_DAY) * SLOT_MINUTES
    return { doctor: Math.floor(slot / SLOTS_A_DAY), day, time: timeOfMinute(minute) }
  }
  return { place }
}
