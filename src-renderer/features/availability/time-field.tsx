import { TextInput } from '@mantine/core'
import { type KeyboardEvent, useEffect, useState } from 'react'
import type { LocalTime } from '#domain/time/clinic-time.ts'
import { typedTime } from '#domain/time/typed-time.ts'
import classes from './availability.module.css'

type FieldProps = {
  readonly label: string
  readonly isLabelShown?: boolean
  readonly value: LocalTime
  readonly onTime: (time: LocalTime) => void
}

/**
 * A wall-clock time, typed in short or in full; it counts when the field is left or with Enter. A browser's own field would show the
 * computer's clock face, twelve hours where the clinic says twenty-four.
 */
export function TimeField({ label, isLabelShown = false, value, onTime }: FieldProps) {
  const [text, setText] = useState<string>(value)
  useEffect(() => setText(value), [value])
  const keep = (): void => {
    const time = typedTime(text)
    setText(time ?? value)
    if (time !== undefined && time !== value) onTime(time)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') keep()
  }
  return (
    <TextInput
      size="xs"
      className={classes.time}
      inputMode="numeric"
      maxLength={8}
      {...(isLabelShown ? { label } : { 'aria-label': label })}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={keep}
      onKeyDown={onKeyDown}
    />
  )
}
