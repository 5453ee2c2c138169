import { BoardControls } from '#renderer/features/day-board/board-controls.tsx'
import { DayBoard } from '#renderer/features/day-board/day-board.tsx'
import { useFreedTimes } from '#renderer/features/waitlist/use-freed-times.ts'
import { useWaitlist } from '#renderer/features/waitlist/use-waitlist.ts'
import { FreedVoice } from '#renderer/features/waitlist/waiting-sections.tsx'
import { KeptForm } from '#renderer/local-db/kept-forms-context.tsx'
import { BoardPanel } from './board-panel.tsx'
import { setDensity, toggleGroup, togglePin } from './board-settings.ts'
import classes from './desk.module.css'
import type { DeskParts } from './desk-parts.ts'
import { formOf, hasForm } from './kept-panel.ts'
import { useBoardProps } from './use-board-props.ts'
import { moveCursor, showBoardView, useView } from './view-state.ts'

/** The board, and beside it one panel: waiting list, booking or details. */
export function BoardView({ parts }: { readonly parts: DeskParts }) {
  const { clinic, clinicDay } = parts
  const { panel, isPanelOpen, cursor } = useView()
  const board = useBoardProps(parts)
  const waitlist = useWaitlist(clinic)
  const freed = useFreedTimes(clinic, waitlist.entries)
  // On a day that is not here nobody is known to wait, nor before the first doctor has come.
  const isKnown = clinicDay.reach === 'held' && clinic.doctors.length > 0
  const hasPanel = isPanelOpen && (isKnown || panel.kind !== 'waiting')
  return (
    <div className={classes.board} data-panel={hasPanel || undefined}>
      <DayBoard
        {...board}
        controls={
          <BoardControls
            clinic={clinic}
            view={board.view}
            arrangement={board.arrangement}
            density={board.density}
            doctorId={board.doctorId}
            onView={showBoardView}
            onDoctor={(columnId) => moveCursor({ ...cursor, columnId, itemId: null })}
            onPin={togglePin}
            onGroup={toggleGroup}
            onDensity={setDensity}
          />
        }
      />
      <FreedVoice clinic={clinic} freed={freed} />
      {hasPanel && (
        // While a form is filled in, a stray letter must not act on the board.
        <aside className={classes.panel} data-hotkey-scope={hasForm(panel) ? undefined : 'board'}>
          <KeptForm name={formOf(panel)}>
            <BoardPanel parts={parts} waitlist={waitlist} freed={freed} />
          </KeptForm>
        </aside>
      )}
    </div>
  )
}
