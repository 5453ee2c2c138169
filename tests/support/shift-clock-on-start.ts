/** Loaded into a server before its own code: CLOCK_SHIFT_MS says how far its clock is ahead. */
import { shiftClock } from './shift-clock.ts'

shiftClock(Number(process.env.CLOCK_SHIFT_MS ?? 0))
