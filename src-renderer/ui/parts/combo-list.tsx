/**
 * A text field with a list under it that stays where it is: the field keeps the focus, arrows walk, Enter takes.
 * Follows the combobox pattern of the ARIA Authoring Practices (list with active descendant).
 */
import { TextInput, type TextInputProps } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import classes from './combo-list.module.css'

export type ComboOption = {
  readonly id: string
  readonly content: ReactNode
  /** Options of one group stand together under its name. */
  readonly group?: string
}

type ComboProps = Omit<TextInputProps, 'value' | 'onChange'> & {
  readonly value: string
  readonly onValue: (text: string) => void
  readonly options: readonly ComboOption[]
  /** `isWithCtrl`: taken with Ctrl and Enter. */
  readonly onPick: (id: string, isWithCtrl: boolean) => void
  readonly listLabel: string
  /** Said when nothing is found. */
  readonly empty?: ReactNode
}

export function ComboList({ value, onValue, options, onPick, listLabel, empty, ...input }: ComboProps) {
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const index = Math.min(active, options.length - 1)
  const idOf = (at: number): string => `${listId}-${at}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text or list starts at its top
  useEffect(() => setActive(0), [value])
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stepOf(event.key, index, options.length)
    const picked = options[index]
    if (next !== undefined && options.length > 0) setActive(next)
    else if (event.key === 'Enter' && picked) onPick(picked.id, event.ctrlKey || event.metaKey)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <>
      <TextInput
        {...input}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded={options.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={options.length > 0 ? idOf(index) : undefined}
        autoComplete="off"
        spellCheck={false}
      />
      <div ref={list} id={listId} role="listbox" aria-label={listLabel} className={classes.list}>
        {options.map((option, at) => (
          <Option
            key={option.id}
            id={idOf(at)}
            option={option}
            isActive={at === index}
            heading={option.group !== options[at - 1]?.group ? option.group : undefined}
            onPick={(isWithCtrl) => onPick(option.id, isWithCtrl)}
            onHover={() => setActive(at)}
          />
        ))}
      </div>
      {options.length === 0 && empty}
    </>
  )
}

type OptionProps = {
  readonly id: string
  readonly option: ComboOption
  readonly isActive: boolean
  readonly heading: string | undefined
  readonly onPick: (isWithCtrl: boolean) => void
  readonly onHover: () => void
}

function Option({ id, option, isActive, heading, onPick, onHover }: OptionProps) {
  return (
    <>
      {heading !== undefined && (
        <div role="presentation" className={classes.group}>
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard, see the pattern */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, see the pattern */}
      <div
        role="option"
        id={id}
        aria-selected={isActive}
        className={classes.option}
        onMouseDown={(event) => event.preventDefault()}
        onMouseMove={() => !isActive && onHover()}
        onClick={(event) => onPick(event.ctrlKey || event.metaKey)}
      >
        {option.content}
      </div>
    </>
  )
}

function stepOf(key: string, index: number, length: number): number | undefined {
  if (key === 'ArrowDown') return (index + 1) % length
  if (key === 'ArrowUp') return (index - 1 + length) % length
  return undefined
}
