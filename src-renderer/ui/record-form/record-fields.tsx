import { MultiSelect, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { type ChangeEvent, type ReactNode, useState } from 'react'
import type { Choice, FieldErrors, FieldSpec, FormValues } from './field-spec.ts'
import classes from './record-form.module.css'

type FieldsProps = {
  readonly fields: readonly FieldSpec[]
  readonly values: FormValues
  readonly errors: FieldErrors
  readonly onChange: (name: string, value: unknown) => void
}

/** The fields of a form, in the order of their descriptions. */
export function RecordFields({ fields, values, errors, onChange }: FieldsProps) {
  return fields.map((field) => (
    <Part key={field.name} heading={field.heading}>
      <Field
        field={field}
        value={values[field.name]}
        error={errors[field.name]}
        onValue={(value) => onChange(field.name, value)}
      />
    </Part>
  ))
}

function Part({ heading, children }: { readonly heading: string | undefined; readonly children: ReactNode }) {
  return (
    <>
      {heading !== undefined && <h4 className={classes.heading}>{heading}</h4>}
      {children}
    </>
  )
}

type FieldProps = {
  readonly field: FieldSpec
  readonly value: unknown
  readonly error: string | undefined
  readonly onValue: (value: unknown) => void
}

function Field({ field, value, error, onValue }: FieldProps) {
  const { label, about, required = false } = field
  const common = { label, description: about, error, required, 'data-field': field.name, className: classes.field }
  const text = typeof value === 'string' ? value : ''
  const list = Array.isArray(value) ? (value as string[]) : []
  const onTyped = (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>): void =>
    onValue(event.currentTarget.value)
  switch (field.kind) {
    case 'text': {
      const typed = { ...common, placeholder: field.hint, value: text, onChange: onTyped }
      return field.lines === undefined ? <TextInput {...typed} /> : <Textarea {...typed} rows={field.lines} />
    }
    case 'time':
    case 'date':
      return <TextInput {...common} type={field.kind} className={classes.narrow} value={text} onChange={onTyped} />
    case 'number':
      return <NumberField {...common} unit={field.unit} value={value} onValue={onValue} />
    case 'words':
      return <WordsField {...common} hint={field.hint} value={value} onValue={onValue} />
    case 'switch':
      return (
        <Switch
          label={label}
          description={about}
          data-field={field.name}
          checked={value === true}
          onChange={(event) => onValue(event.currentTarget.checked)}
        />
      )
    case 'choice':
      return (
        <Select
          {...common}
          searchable={field.choices.length > MANY}
          data={choicesOf(field.choices, field.none)}
          value={text}
          onChange={(next) => onValue(next === '' && field.none !== undefined ? null : next)}
        />
      )
    case 'many': {
      const placeholder = list.length > 0 ? '' : field.none
      const data = [...field.choices]
      return (
        <MultiSelect {...common} searchable placeholder={placeholder} data={data} value={list} onChange={onValue} />
      )
    }
  }
}

/** More choices than this are searched by typing. */
const MANY = 8

const choicesOf = (choices: readonly Choice[], none: string | undefined): Choice[] => [
  ...(none === undefined ? [] : [{ value: '', label: none }]),
  ...choices,
]

type InputProps = {
  readonly label: string
  readonly description: string | undefined
  readonly error: string | undefined
  readonly required: boolean
  readonly 'data-field': string
  readonly value: unknown
  readonly onValue: (value: unknown) => void
}

/** What is typed stays as it is typed; anything but a whole number is no value, and said to be missing. */
function NumberField({ unit, value, label, onValue, ...input }: InputProps & { readonly unit: string | undefined }) {
  return (
    <TextInput
      {...input}
      label={
        <>
          {label}
          {unit && <span className="visually-hidden">, {unit}</span>}
        </>
      }
      className={classes.narrow}
      inputMode="numeric"
      value={typeof value === 'number' || typeof value === 'string' ? String(value) : ''}
      rightSection={
        unit && (
          <span className={classes.unit} aria-hidden>
            {unit}
          </span>
        )
      }
      rightSectionWidth="auto"
      rightSectionPointerEvents="none"
      onChange={({ currentTarget: { value: typed } }) =>
        onValue(/^-?\d{1,9}$/.test(typed.trim()) ? Number(typed) : typed)
      }
    />
  )
}

function WordsField({ hint, value, onValue, ...input }: InputProps & { readonly hint: string | undefined }) {
  const [text, setText] = useState(Array.isArray(value) ? value.join(', ') : '')
  return (
    <TextInput
      {...input}
      className={classes.field}
      placeholder={hint}
      value={text}
      onChange={({ currentTarget: { value: typed } }) => {
        setText(typed)
        onValue(
          typed
            .split(',')
            .map((word) => word.trim())
            .filter((word) => word !== ''),
        )
      }}
    />
  )
}
