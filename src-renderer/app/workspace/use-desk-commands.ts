import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { listSections } from '#domain/access/settings-sections.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { CommandId } from '#domain/commands/commands.ts'
import { addMonths } from '#domain/time/calendar-days.ts'
import { addDays, type LocalDay, localDayOf, toLocal } from '#domain/time/clinic-time.ts'
import type { StepName } from '#renderer/clinic/next-steps.ts'
import type { BoardView } from '#renderer/features/day-board/board-props.ts'
import { exportDayList } from '#renderer/features/export-day-list/export-day-list.ts'
import { REPORT_FORM } from '#renderer/features/reports/report-form.tsx'
import { useInboxRuns } from '#renderer/features/sync-inbox/inbox-runs.ts'
import { nextFreeLocally } from '#renderer/local-db/free-times-local.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { showProblem, undoLatest } from '#renderer/ui/parts/toasts.tsx'
import { stepDensity } from './board-settings.ts'
import type { DeskParts } from './desk-parts.ts'
import { focusBoard } from './focus-board.ts'
import { ownDayRuns } from './own-day-view.tsx'
import { type CommandRuns, provideRuns } from './run-command.ts'
import { toHotkeys } from './to-hotkeys.ts'
import { doctorOfWeek } from './use-board-props.ts'
import { useDaySheet } from './use-day-sheet.ts'
import {
  moveCursor,
  openBooking,
  openPanel,
  showBoardView,
  showDay,
  showOverlay,
  showPanel,
  showPatients,
  showScreen,
  showSettings,
  useView,
} from './view-state.ts'

const STEP_COMMANDS = {
  'appointment.confirm': 'confirm',
  'appointment.arrived': 'arrived',
  'appointment.in-room': 'in-room',
  'appointment.done': 'done',
  'appointment.no-show': 'no-show',
} as const satisfies Partial<Record<CommandId, StepName>>

/** Both lead to the form: what is exported is chosen there. */
const showReports = (): void => {
  showScreen('reports')
  requestAnimationFrame(() => document.getElementById(REPORT_FORM)?.focus())
}
const REPORT_RUNS: CommandRuns = { 'go.reports': showReports, 'file.export-report': showReports }

/** Everything that can be done at the desk now, wired to keys and to the host's menu. */
export function useDeskCommands(parts: DeskParts): CommandRuns {
  const { i18n } = useTranslation()
  const { platform } = parts.host
  const isOwnDay = useView((view) => view.screen) === 'my-day'
  const runs: CommandRuns = {
    ...useGeneralRuns(parts),
    ...noteRuns(parts),
    ...useVisitRuns(parts),
    ...ownDayRuns(parts, isOwnDay),
    ...useDaySheet(parts),
    ...(useInboxRuns() as CommandRuns),
  }
  provideRuns(runs)
  useHotkeys([...toHotkeys(runs), { keys: 'CmdOrCtrl+Z', run: undoLatest, isTyping: true }])
  useEffect(() => platform.onCommand((id) => runs[id]?.()))
  const enabled = Object.keys(runs).sort().join(' ')
  useEffect(() => {
    void platform.reportCommands({ enabled: enabled.split(' ') as CommandId[], language: i18n.language })
  }, [platform, enabled, i18n.language])
  useEffect(
    // Behind the lock and the log-in nothing can be done, so the host's menu greys everything.
    () => () => {
      void platform.reportCommands({ enabled: [], language: i18n.language })
    },
    [platform, i18n],
  )
  return runs
}

function useGeneralRuns({ host, clinic, clinicDay, today, grid }: DeskParts): CommandRuns {
  const { t, i18n } = useTranslation()
  const { cursor, screen, boardView } = useView()
  const { day, reach } = clinicDay
  const goTo = (next: string): void => showDay(next === today ? null : next)
  // The export names its keys by column; the catalogue test of the report holds them against the file.
  const translate = (key: string, values?: Record<string, string>): string =>
    String(i18n.t(key as never, values as never))
  const exportDay = async (): Promise<void> => {
    // A list without anybody on it would be believed.
    if (reach !== 'held') return showProblem(t('error.export-failed', { why: t('refusal.day-not-here') }))
    const result = await exportDayList(host.session.database, host.platform, day, translate)
    if (result.outcome === 'error') showProblem(t('error.export-failed', { why: result.reason }))
  }
  const nextFree = async (): Promise<void> => {
    const type = clinic.types.find(
      ({ doctorIds }) => doctorIds.length === 0 || doctorIds.includes(cursor.columnId as never),
    )
    const [slot] = type
      ? await nextFreeLocally(clinic.desk, {
          typeId: type.id,
          doctorIds: clinic.bookable.map(({ id }) => id),
          limit: 1,
        })
      : []
    if (!slot) return
    goTo(localDayOf(slot.start, clinic.zone))
    moveCursor({ columnId: slot.doctorId, minute: toLocal(slot.start, clinic.zone).minuteOfDay, itemId: null })
    grid.current?.focus()
  }
  const general: CommandRuns = {
    'file.export-day-csv': () => void exportDay(),
    'app.account': () => showScreen('account'),
    'app.lock': host.onLock,
    'app.notification-preferences': () => showOverlay('notification-preferences'),
    'app.sign-out': () => showOverlay('sign-out'),
    'edit.find': () => showOverlay('find'),
    'view.today': () => showDay(null),
    'view.previous-day': () => goTo(stepFrom(day, boardView, -1)),
    'view.next-day': () => goTo(stepFrom(day, boardView, 1)),
    ...viewRuns(grid),
    ...(screen === 'board' && { 'view.density': stepDensity }),
    'go.board': () => {
      showScreen('board')
      focusBoard(grid)
    },
    ...(clinic.mayEver('view-patients') && { 'go.patients': () => showPatients() }),
    'go.inbox': () => showScreen('inbox'),
    ...(clinic.mayEver('manage-schedules') && { 'go.availability': () => showScreen('availability') }),
    ...(clinic.mayEver('view-activity') && { 'go.activity': () => showScreen('activity') }),
    ...(listSections(clinic.mayEver).length > 0 && { 'go.settings': () => showSettings() }),
    ...(clinic.mayEver('manage-clinic') && { 'go.messages': () => showSettings('messages') }),
    'go.notifications': () => showOverlay('notifications'),
    'help.shortcuts': () => showOverlay('keys'),
  }
  const doctorDay = (): void => openPanel({ kind: 'doctor-day', doctorId: doctorOfWeek({ clinic }), day })
  const reports = clinic.mayEver('view-reports') ? REPORT_RUNS : {}
  if (!clinic.mayEver('book-appointment')) return { ...general, ...reports }
  return {
    ...general,
    ...reports,
    'file.new-booking': () => openBooking(null),
    ...(screen === 'board' && clinic.mayEver('cancel-appointment') && { 'appointment.doctor-day': doctorDay }),
    // On My day the key finishes a visit.
    ...(screen !== 'my-day' && { 'view.next-free': () => void nextFree() }),
    ...(clinic.mayEver('manage-waitlist') && {
      'file.walk-in': () => openPanel({ kind: 'walk-in', entryId: null }),
      'go.waitlist': () => openPanel({ kind: 'waitlist' }),
    }),
  }
}

const noteRuns = ({ clinic }: DeskParts): CommandRuns =>
  clinic.mayEver('manage-day-notes') ? { 'file.day-note': () => openPanel({ kind: 'day-note', noteId: null }) } : {}

/** The day one step on: of the day itself, of its week or of its month, by what the board shows. */
function stepFrom(day: LocalDay, view: BoardView, step: 1 | -1): LocalDay {
  if (view === 'month') return addMonths(day, step)
  return addDays(day, view === 'week' ? 7 * step : step)
}

function viewRuns(grid: DeskParts['grid']): CommandRuns {
  const show = (view: BoardView) => (): void => {
    showBoardView(view)
    focusBoard(grid)
  }
  return {
    'view.board-day': show('day'),
    'view.board-week': show('week'),
    'view.board-month': show('month'),
    'view.board-list': show('list'),
  }
}

/** What can be done to the visit under the cursor, or to the open one. */
function useVisitRuns(parts: DeskParts): CommandRuns {
  const { steps, clinicDay, myDay } = parts
  const { cursor, panel, screen } = useView()
  const id = cursor.itemId ?? (panel.kind === 'details' ? panel.id : null)
  const onBoard: Appointment | undefined = clinicDay.appointments?.find((one) => one.id === id)
  const visit = screen === 'my-day' ? myDay?.selected : screen === 'board' ? onBoard : undefined
  if (!visit) return {}
  const next = steps.stepsOf(visit)
  const runs: { [Id in CommandId]?: () => void } = {}
  for (const [command, step] of Object.entries(STEP_COMMANDS) as [CommandId, StepName][]) {
    if (next.steps.includes(step)) runs[command] = () => void steps.take(visit, step)
  }
  if (next.undo) runs['appointment.take-back'] = () => void steps.takeBack(visit)
  // Moving and calling off are the board's: there one sees where else there is room.
  if (screen === 'my-day') return runs
  if (next.canMove) runs['appointment.move'] = () => parts.beginMove(visit)
  if (next.canCancel) {
    runs['appointment.cancel'] = () => showPanel({ kind: 'details', id: visit.id, isCancelling: true })
  }
  return runs
}
