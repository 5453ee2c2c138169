import { Button, type ButtonProps } from '@mantine/core'
import { useRef, useState } from 'react'
import classes from './settings-list.module.css'

type SureProps = Pick<ButtonProps, 'size' | 'variant' | 'disabled'> & {
  readonly label: string
  /** What is asked before it is done, and the two answers. */
  readonly question: string
  readonly yes: string
  readonly no: string
  /** What it is about, for those who hear the button alone. */
  readonly of?: string
  readonly isDanger?: boolean
  readonly onYes: () => void
}

/** A button that asks in its own place before it does something; saying no gives the focus back to it. */
export function SureButton({ label, question, yes, no, of, isDanger = true, onYes, ...button }: SureProps) {
  const [isAsking, setIsAsking] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  const size = button.size === undefined ? {} : { size: button.size }
  const color = isDanger ? { color: 'danger' } : {}
  const keep = (): void => {
    setIsAsking(false)
    requestAnimationFrame(() => first.current?.focus())
  }
  if (!isAsking) {
    return (
      <Button
        {...button}
        {...color}
        ref={first}
        aria-label={of === undefined ? undefined : `${label}: ${of}`}
        onClick={() => setIsAsking(true)}
      >
        {label}
      </Button>
    )
  }
  return (
    <span className={classes.steps}>
      <span>{question}</span>
      <Button {...size} autoFocus onClick={keep}>
        {no}
      </Button>
      <Button
        {...size}
        variant="filled"
        {...color}
        onClick={() => {
          setIsAsking(false)
          onYes()
        }}
      >
        {yes}
      </Button>
    </span>
  )
}
