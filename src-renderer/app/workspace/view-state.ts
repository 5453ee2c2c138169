/** What is on screen and where the keyboard stands. View state only: data comes from the local database. */
import { create } from 'zustand'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, PatientId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { GridCursor, GridMove, GridTarget } from '#renderer/ui/time-grid/grid-types.ts'

export type Panel =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'booking'; readonly patientId: PatientId | null }
  | { readonly kind: 'details'; readonly id: AppointmentId; readonly isCancelling: boolean }

/** A visit on its way to another place, maybe on another day. */
export type Moving = { readonly visit: Appointment; readonly grid: GridMove }

export type View = {
  readonly screen: 'board' | 'inbox' | 'reports' | 'activity' | 'messages'
  readonly inboxEntryId: string | null
  /** Null follows the clinic's today, also past midnight. */
  readonly day: LocalDay | null
  readonly cursor: GridCursor
  readonly panel: Panel
  readonly isPanelOpen: boolean
  readonly moving: Moving | null
  readonly overlay: 'none' | 'find' | 'keys' | 'sign-out' | 'notifications' | 'notification-preferences'
  /** Patients handled last, newest first. */
  readonly recent: readonly PatientId[]
}

const FIRST: View = {
  screen: 'board',
  inboxEntryId: null,
  day: null,
  cursor: { columnId: '', minute: 0, itemId: null },
  panel: { kind: 'waiting' },
  isPanelOpen: true,
  moving: null,
  overlay: 'none',
  recent: [],
}
const REMEMBERED = 8

export const useView = create<View>(() => FIRST)
const set = useView.setState

/** Everything as at the first look: after signing out, nothing of the last person stays. */
export const resetView = (): void => set(FIRST, true)

export const showScreen = (screen: View['screen'], inboxEntryId: string | null = null): void =>
  set({ screen, inboxEntryId, overlay: 'none', moving: null })
export const showDay = (day: LocalDay | null): void => set({ day })
export const showOverlay = (overlay: View['overlay']): void => set({ overlay })
export const moveCursor = (cursor: GridCursor): void => set({ cursor })
export const togglePanel = (): void => set(({ isPanelOpen }) => ({ isPanelOpen: !isPanelOpen }))

export const showPanel = (panel: Panel): void => set({ panel, isPanelOpen: true })

export const openBooking = (target: GridTarget | null, patientId: PatientId | null = null): void =>
  set(({ cursor }) => ({
    screen: 'board',
    panel: { kind: 'booking', patientId },
    isPanelOpen: true,
    moving: null,
    cursor: target ? { ...target, itemId: null } : cursor,
  }))

/** Shows a visit on its day, with the cursor on it and its details beside it. */
export const openVisit = (visit: Appointment, minute: number): void =>
  set({
    screen: 'board',
    day: visit.localDay,
    cursor: { columnId: visit.doctorId, minute, itemId: visit.id },
    panel: { kind: 'details', id: visit.id, isCancelling: false },
    isPanelOpen: true,
    moving: null,
  })

export const startMoving = (moving: Moving): void =>
  set(({ panel }) => ({ screen: 'board', moving, panel: panel.kind === 'booking' ? { kind: 'waiting' } : panel }))

export const moveTarget = (target: GridTarget): void =>
  set(({ moving }) => (moving ? { moving: { ...moving, grid: { ...moving.grid, target } } } : {}))

export const stopMoving = (): void => set({ moving: null })

export const remember = (id: PatientId): void =>
  set(({ recent }) => ({ recent: [id, ...recent.filter((other) => other !== id)].slice(0, REMEMBERED) }))
