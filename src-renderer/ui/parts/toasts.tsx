/** Toasts are for taking something back, for saying why something did not happen, and for what happened to what is open. Nothing else. */
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import classes from './toasts.module.css'

/** How long an action can be taken back. */
export const UNDO_MS = 10_000
const PROBLEM_MS = 8_000

type Undo = { readonly id: string; readonly run: () => void }
let latest: Undo | null = null

/**
 * Offers to take back what was just done; one offer at a time, the newest.
 * @param note what follows when it is not taken back
 */
export function showUndo(message: string, label: string, undo: () => unknown, note = ''): void {
  const id = `undo-${crypto.randomUUID()}`
  if (latest) notifications.hide(latest.id)
  const run = (): void => {
    notifications.hide(id)
    latest = null
    undo()
  }
  latest = { id, run }
  notifications.show({
    id,
    autoClose: UNDO_MS,
    withCloseButton: false,
    onClose: () => {
      if (latest?.id === id) latest = null
    },
    message: (
      <div className={classes.undo}>
        <span>
          {message}
          {note !== '' && <span className={classes.note}>{note}</span>}
        </span>
        <Button variant="subtle" size="compact-sm" onClick={run}>
          {label}
        </Button>
        <span className={classes.fuse} style={{ animationDuration: `${UNDO_MS}ms` }} aria-hidden />
      </div>
    ),
  })
}

/** Takes back the newest action while its offer stands. @returns false when there is none */
export function undoLatest(): boolean {
  if (!latest) return false
  latest.run()
  return true
}

/** Takes every toast off the screen: they name people, and the screen is being locked or left. */
export function clearToasts(): void {
  notifications.clean()
  latest = null
}

/** Says why something did not happen. */
export function showProblem(message: string): void {
  notifications.show({ message, autoClose: PROBLEM_MS, color: 'red', role: 'alert' })
}

/** Says what somebody else did to what the person has open. */
export function showNews(message: string): void {
  notifications.show({ message, autoClose: PROBLEM_MS, role: 'status' })
}
