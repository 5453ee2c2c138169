import { type ParkedChange, parkedChanges$ } from './parked-changes.ts'
import { useLive } from './use-live.ts'

const NONE: readonly ParkedChange[] = []

/** The changes that are set aside; nothing until they have been read. */
export const useParked = (): readonly ParkedChange[] => useLive(parkedChanges$, NONE)
