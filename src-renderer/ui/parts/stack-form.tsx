import { Button } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import classes from './stack-form.module.css'

type FormProps = {
  readonly onSubmit: () => unknown
  readonly children: ReactNode
  readonly label?: string
}

/** Fields under each other, sent by Enter or by its one filled button. */
export function StackForm({ onSubmit, children, label }: FormProps) {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void onSubmit()
  }
  return (
    <form className={classes.form} onSubmit={submit} {...(label !== undefined && { 'aria-label': label })}>
      {children}
    </form>
  )
}

/** Why it did not work, said at once. */
export function ProblemBox({ children }: { readonly children: ReactNode }) {
  return (
    <div role="alert" className={classes.alert}>
      {children && <p className={classes.problem}>{children}</p>}
    </div>
  )
}

/** What is asked and why, in quiet words. */
export const Note = ({ children }: { readonly children: ReactNode }) => <p className={classes.note}>{children}</p>

type ButtonsProps = {
  readonly submit: string
  readonly isBusy?: boolean
  readonly isOff?: boolean
  /** Takes something away. */
  readonly isDanger?: boolean
  readonly cancel?: { readonly label: string; readonly onCancel: () => void }
}

/** The way on, and the way back beside it. */
export function FormButtons({ submit, isBusy = false, isOff = false, isDanger = false, cancel }: ButtonsProps) {
  return (
    <div className={classes.buttons}>
      {cancel && <Button onClick={cancel.onCancel}>{cancel.label}</Button>}
      <Button
        type="submit"
        variant="filled"
        loading={isBusy}
        disabled={isOff}
        {...(isDanger && { color: 'danger' })}
        fullWidth={!cancel}
      >
        {submit}
      </Button>
    </div>
  )
}
