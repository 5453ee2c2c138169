import type { KeyboardEvent } from 'react'

/** For a list of buttons: arrows walk it; the tab key leaves it at its end. */
export function walkButtons(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]
  if (step === 0 || !next) return
  event.preventDefault()
  next.focus()
}
