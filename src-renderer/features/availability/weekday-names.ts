import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'

/** A Monday: a weekday's name is that of any such day. */
const MONDAY: LocalDay = '2026-01-05'

/** Some day that is this ISO weekday. */
export const dayOfWeekday = (weekday: number): LocalDay => addDays(MONDAY, weekday - 1)
