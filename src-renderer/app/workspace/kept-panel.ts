/** The form beside the board, kept while the screen is locked or somebody else works here: which one it was, where, and what stood in it. */
import { useEffect, useRef } from 'react'
import { useKeptForms } from '#renderer/local-db/kept-forms-context.tsx'
import { type Panel, useView, type View } from './view-state.ts'

/** Panels in which something is typed. */
const isTyped = (panel: Panel): boolean =>
  ['booking', 'walk-in', 'waitlist', 'day-note'].includes(panel.kind) ||
  (panel.kind === 'details' && panel.isCancelling)

/** Panels that letters act in, and not on the board. What asks about visits as they stand is not kept: they may go elsewhere meanwhile. */
export const hasForm = (panel: Panel): boolean => isTyped(panel) || ['move-series', 'doctor-day'].includes(panel.kind)

/** Under which the fields of a panel are kept: another patient's booking is another form. Null for what is a list of its own. */
export const formOf = (panel: Panel): string | null =>
  isTyped(panel) && panel.kind !== 'waitlist' ? `panel ${JSON.stringify(panel)}` : null

const OPEN = 'open-panel'
type OpenPanel = Pick<View, 'panel' | 'day' | 'cursor'>

/** Opens the form again that was open when its person left, and forgets it when it is done or given up. */
export function useKeptPanel(): void {
  const forms = useKeptForms()
  const { panel, day, cursor } = useView()
  const isOpened = useRef(false)
  const last = useRef<Panel | null>(null)
  useEffect(() => {
    if (!forms) return
    if (!isOpened.current) {
      isOpened.current = true
      const kept = forms.get(OPEN, 'view') as OpenPanel | undefined
      if (kept && !hasForm(panel)) {
        useView.setState({ ...kept, screen: 'board', hasOpened: true, isPanelOpen: true, moving: null })
        return
      }
    }
    const left = last.current && formOf(last.current)
    if (left !== null && left !== formOf(panel)) forms.drop(left)
    last.current = panel
    if (isTyped(panel)) forms.set(OPEN, 'view', { panel, day, cursor } satisfies OpenPanel)
    else forms.drop(OPEN)
  }, [forms, panel, day, cursor])
}
