import { addDays, dayInterval, type LocalDay, type Zone } from './clinic-time.ts'
import { HOUR_MS } from './instant.ts'

/** A day on which the clock is put forward or back, with how many hours it has. */
export type SwitchDay = { readonly day: LocalDay; readonly hours: number }

/** The days of a stretch that are shorter or longer than others: whoever plans hours has to know them. */
export function switchDays(zone: Zone, from: LocalDay, count: number): readonly SwitchDay[] {
  return Array.from({ length: count }, (_, index) => addDays(from, index)).flatMap((day) => {
    const { start, end } = dayInterval(day, zone)
    const hours = (end - start) / HOUR_MS
    return hours === 24 ? [] : [{ day, hours }]
  })
}
