import { useEffect, useState } from 'react'
import { type Command, listPageCommands } from '#domain/commands/commands.ts'
import type { DoctorId } from '#domain/ids.ts'
import { type LocalDay, minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { toUnsent } from '#renderer/clinic/parked-wish.ts'
import { useUnsentChanges } from '#renderer/clinic/use-unsent-changes.ts'
import { FindAnything } from '#renderer/features/find-anything/find-anything.tsx'
import { KeyboardSheet } from '#renderer/features/keyboard-sheet/keyboard-sheet.tsx'
import { PreferencesDialog } from '#renderer/features/notifications/preferences-dialog.tsx'
import { SignOutDialog } from '#renderer/features/sign-out/sign-out-dialog.tsx'
import { appointmentsOfPatient, readAll } from '#renderer/local-db/queries.ts'
import { useParked } from '#renderer/local-db/use-parked.ts'
import { setSingleKeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import type { DeskParts } from './desk-parts.ts'
import { focusBoard } from './focus-board.ts'
import { type CommandRuns, runCommand } from './run-command.ts'
import {
  moveCursor,
  openBooking,
  openVisit,
  remember,
  rememberCommand,
  showDay,
  showOverlay,
  showScreen,
  useView,
} from './view-state.ts'

const OPENING_MINUTE = 9 * 60

/** Kept on this device for each person: who switched them off finds them off again, and nobody else does. */
const singleKeysOf = (userId: string): string => `single-keys:${userId}`
const hasSingleKeys = (userId: string): boolean => localStorage.getItem(singleKeysOf(userId)) !== 'off'

function useOwnSingleKeys(userId: string): void {
  useEffect(() => {
    setSingleKeys(hasSingleKeys(userId))
    return () => setSingleKeys(true)
  }, [userId])
}

type OverlaysProps = { readonly parts: DeskParts; readonly runs: CommandRuns }

/** What stands over the desk for a moment. */
export function Overlays({ parts, runs }: OverlaysProps) {
  const { overlay, recent, recentCommands } = useView()
  useOwnSingleKeys(parts.host.session.user.id)
  const close = (): void => showOverlay('none')
  if (overlay === 'find') {
    return (
      <FindAnything
        commands={listPageCommands().filter(({ id }) => runs[id] && id !== 'edit.find')}
        recentCommands={recentCommands}
        recent={recent}
        doctors={parts.clinic.doctors}
        today={parts.today}
        onDay={(day) => goToDay(parts, day)}
        onDoctor={(id) => goToDoctor(parts, id)}
        onCommand={(id) => {
          rememberCommand(id)
          runCommand(id)
        }}
        onPatient={(id, isBooking) => {
          remember(id)
          void openPatient(parts, id, isBooking)
        }}
        onClose={close}
      />
    )
  }
  if (overlay === 'keys') {
    return <Keys userId={parts.host.session.user.id} commands={listPageCommands()} onClose={close} />
  }
  if (overlay === 'notification-preferences') return <PreferencesDialog api={parts.host.api} onClose={close} />
  if (overlay === 'sign-out') return <SignOut parts={parts} onClose={close} />
  return null
}

function goToDay({ today, grid }: DeskParts, day: LocalDay): void {
  showScreen('board')
  showDay(day === today ? null : day)
  focusBoard(grid)
}

/** The doctor's column, at the row the cursor stands in. */
function goToDoctor({ grid }: DeskParts, id: DoctorId): void {
  showScreen('board')
  moveCursor({ columnId: id, minute: useView.getState().cursor.minute || OPENING_MINUTE, itemId: null })
  focusBoard(grid)
}

/** The patient's next visit, or a booking when there is none ahead or one was asked for. */
async function openPatient(
  { clinic, host }: DeskParts,
  id: Parameters<typeof remember>[0],
  isBooking: boolean,
): Promise<void> {
  const visits = await readAll(appointmentsOfPatient(host.session.database, id))
  const now = clinic.desk.now()
  const [next] = visits
    .filter(({ end, status }) => end > now && status !== 'cancelled' && status !== 'noshow')
    .toSorted((a, b) => a.start - b.start)
  if (next && !isBooking) openVisit(next, minuteOfDayOf(next.localStart))
  else if (clinic.mayEver('book-appointment')) openBooking(null, id)
}

type KeysProps = { readonly userId: string; readonly commands: readonly Command[]; readonly onClose: () => void }

function Keys({ userId, commands, onClose }: KeysProps) {
  const [isOn, setIsOn] = useState(hasSingleKeys(userId))
  const change = (next: boolean): void => {
    localStorage.setItem(singleKeysOf(userId), next ? 'on' : 'off')
    setSingleKeys(next)
    setIsOn(next)
  }
  return <KeyboardSheet commands={commands} hasSingleKeys={isOn} onSingleKeys={change} onClose={onClose} />
}

function SignOut({ parts, onClose }: { readonly parts: DeskParts; readonly onClose: () => void }) {
  const { host } = parts
  const parked = useParked()
  const unsent = [...parked.flatMap(toUnsent), ...useUnsentChanges()]
  return (
    <SignOutDialog
      unsent={unsent}
      isKept={host.session.isKept}
      onSignOut={host.onSignOut}
      onInbox={() => showScreen('inbox', unsent[0]?.id)}
      onClose={onClose}
    />
  )
}
