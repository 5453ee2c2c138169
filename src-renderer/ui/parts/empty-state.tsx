import { Button } from '@mantine/core'
import classes from './empty-state.module.css'

type EmptyProps = {
  /** Why there is nothing to see. */
  readonly children: string
  /** What can be done about it, for whoever may. */
  readonly action?: { readonly label: string; readonly onAct: () => void }
}

/** A screen that has nothing to show: the reason, and the way out of it. */
export function EmptyState({ children, action }: EmptyProps) {
  return (
    <div className={classes.empty} role="status">
      <p>{children}</p>
      {action && <Button onClick={action.onAct}>{action.label}</Button>}
    </div>
  )
}
