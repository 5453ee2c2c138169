/** What is on screen and where the keyboard stands. View state only: data comes from the local database. */
import { create } from 'zustand'
import type { SettingsSection } from '#domain/access/settings-sections.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { CommandId } from '#domain/commands/commands.ts'
import type { AppointmentId, AppointmentTypeId, DayNoteId, DoctorId, PatientId, WaitlistEntryId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { BoardView } from '#renderer/features/day-board/board-props.ts'
import type { GridCursor, GridMove, GridTarget } from '#renderer/ui/time-grid/grid-types.ts'
import { showPatientScreen } from './patient-view.ts'

export type Panel =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'booking'; readonly patientId: PatientId | null; readonly typeId: AppointmentTypeId | null }
  /** A doctor who cannot hold a day. */
  | { readonly kind: 'doctor-day'; readonly doctorId: DoctorId; readonly day: LocalDay }
  /** A group that meets at one time. */
  | { readonly kind: 'session'; readonly id: string }
  /** Somebody of the queue, or null for somebody who has just come. */
  | { readonly kind: 'walk-in'; readonly entryId: WaitlistEntryId | null }
  | { readonly kind: 'waitlist' }
  /** A note of the day, or null for a new one. */
  | { readonly kind: 'day-note'; readonly noteId: DayNoteId | null }
  /** A visit of a series that was put elsewhere: alone, or with those after it? */
  | { readonly kind: 'move-series'; readonly visit: Appointment; readonly target: GridTarget; readonly day: LocalDay }
  | { readonly kind: 'details'; readonly id: AppointmentId; readonly isCancelling: boolean }

/** A visit on its way to another place, maybe on another day. */
export type Moving = { readonly visit: Appointment; readonly grid: GridMove }

export type View = {
  readonly screen:
    | 'board'
    | 'patients'
    | 'my-day'
    | 'availability'
    | 'inbox'
    | 'reports'
    | 'activity'
    | 'settings'
    | 'account'
  /** Of the settings; null is the first one the person may use. */
  readonly section: SettingsSection | null
  /** False until the first screen has been chosen for the person. */
  readonly hasOpened: boolean
  readonly inboxEntryId: string | null
  readonly boardView: BoardView
  /** Whose page is open on the screen of patients; null shows what waits there. */
  readonly patientId: PatientId | null
  /** Null follows the clinic's today, also past midnight. */
  readonly day: LocalDay | null
  /** On My day: null follows today, and the visit at hand. */
  readonly ownDay: LocalDay | null
  readonly ownVisitId: AppointmentId | null
  /** Names on My day cannot be read over a shoulder. */
  readonly isBlurred: boolean
  /** The note that is written on My day; null while none is. */
  readonly ownNote: DayNoteId | 'new' | null
  readonly cursor: GridCursor
  readonly panel: Panel
  readonly isPanelOpen: boolean
  readonly moving: Moving | null
  readonly overlay: 'none' | 'find' | 'keys' | 'sign-out' | 'notifications' | 'notification-preferences'
  /** Patients handled last, newest first. */
  readonly recent: readonly PatientId[]
  /** Commands done last from the palette, newest first. */
  readonly recentCommands: readonly CommandId[]
}

const FIRST: View = {
  screen: 'board',
  section: null,
  hasOpened: false,
  inboxEntryId: null,
  boardView: 'day',
  patientId: null,
  day: null,
  ownDay: null,
  ownVisitId: null,
  isBlurred: false,
  ownNote: null,
  cursor: { columnId: '', minute: 0, itemId: null },
  panel: { kind: 'waiting' },
  isPanelOpen: true,
  moving: null,
  overlay: 'none',
  recent: [],
  recentCommands: [],
}
const REMEMBERED = 8

export const useView = create<View>(() => FIRST)
const set = useView.setState

/** Everything as at the first look: after signing out, nothing of the last person stays. */
export const resetView = (): void => {
  set(FIRST, true)
  showPatientScreen({ screen: 'visits' })
}

export const showScreen = (screen: View['screen'], inboxEntryId: string | null = null): void =>
  set({ screen, inboxEntryId, overlay: 'none', moving: null })
/** Opens the settings: at a section, or where one was last. */
export const showSettings = (section?: SettingsSection): void =>
  set({ screen: 'settings', overlay: 'none', moving: null, ...(section && { section }) })
/** The first screen after the log-in; whoever unlocks again finds the one they left. */
export const openAt = (screen: View['screen']): void =>
  set(({ hasOpened }) => (hasOpened ? {} : { screen, hasOpened: true }))
export const showOwnDay = (ownDay: LocalDay | null): void => set({ ownDay, ownVisitId: null, ownNote: null })
export const showOwnNote = (ownNote: View['ownNote']): void => set({ ownNote })
export const showOwnVisit = (ownVisitId: AppointmentId | null): void => set({ ownVisitId })
export const toggleBlur = (): void => set(({ isBlurred }) => ({ isBlurred: !isBlurred }))
/** The screen of patients: at somebody, or where one was last. */
export const showPatients = (patientId?: PatientId | null): void =>
  set({ screen: 'patients', overlay: 'none', moving: null, ...(patientId !== undefined && { patientId }) })
export const showDay = (day: LocalDay | null): void => set({ day })
export const showBoardView = (boardView: BoardView): void => set({ screen: 'board', boardView })
export const showOverlay = (overlay: View['overlay']): void => set({ overlay })
export const moveCursor = (cursor: GridCursor): void => set({ cursor })
export const togglePanel = (): void => set(({ isPanelOpen }) => ({ isPanelOpen: !isPanelOpen }))

export const showPanel = (panel: Panel): void => set({ panel, isPanelOpen: true })

/** Opens a panel of the board from wherever one is. */
export const openPanel = (panel: Panel): void =>
  set(({ boardView }) => ({
    screen: 'board',
    boardView: boardView === 'month' ? 'day' : boardView,
    panel,
    isPanelOpen: true,
    moving: null,
    overlay: 'none',
  }))

export const openBooking = (
  target: GridTarget | null,
  patientId: PatientId | null = null,
  typeId: AppointmentTypeId | null = null,
): void =>
  set(({ cursor }) => ({
    screen: 'board',
    panel: { kind: 'booking', patientId, typeId },
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

/** A list and a month have no place to put a visit, so the day is shown for it. */
export const startMoving = (moving: Moving): void =>
  set(({ panel, boardView }) => ({
    screen: 'board',
    boardView: boardView === 'week' ? 'week' : 'day',
    moving,
    panel: panel.kind === 'booking' ? { kind: 'waiting' } : panel,
  }))

export const moveTarget = (target: GridTarget): void =>
  set(({ moving }) => (moving ? { moving: { ...moving, grid: { ...moving.grid, target } } } : {}))

export const stopMoving = (): void => set({ moving: null })

export const remember = (id: PatientId): void =>
  set(({ recent }) => ({ recent: [id, ...recent.filter((other) => other !== id)].slice(0, REMEMBERED) }))

export const rememberCommand = (id: CommandId): void =>
  set(({ recentCommands }) => ({
    recentCommands: [id, ...recentCommands.filter((other) => other !== id)].slice(0, REMEMBERED),
  }))
