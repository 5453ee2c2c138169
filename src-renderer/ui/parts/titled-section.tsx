import { Button } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import classes from './titled-section.module.css'

type SectionProps = {
  readonly title: string
  /** How it stands now. */
  readonly state?: ReactNode
  readonly action?: { readonly label: string; readonly onAct: () => void; readonly isOff?: boolean }
  readonly children?: ReactNode
}

/** One affair on a page of several: its name, how it stands, and what can be done about it. */
export function TitledSection({ title, state, action, children }: SectionProps) {
  const id = useId()
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <div className={classes.words}>
          <h2 id={id}>{title}</h2>
          {state !== undefined && <p className={classes.state}>{state}</p>}
        </div>
        {action && (
          <Button onClick={action.onAct} disabled={action.isOff === true}>
            {action.label}
          </Button>
        )}
      </div>
      {children}
    </section>
  )
}
