import { Button } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TSchema } from 'typebox'
import { type Fault, faultsOf } from '#domain/settings/form-faults.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import type { FieldSpec, FormValues } from '#renderer/ui/record-form/field-spec.ts'
import { RecordFields } from '#renderer/ui/record-form/record-fields.tsx'
import form from '#renderer/ui/record-form/record-form.module.css'
import { Meanwhile } from './meanwhile.tsx'

export type EditorProps = {
  /** Absent where the section's own heading says it. */
  readonly title?: string
  readonly fields: readonly FieldSpec[]
  /** What the server holds each field against. */
  readonly bounds: Readonly<Record<string, TSchema>>
  readonly first: FormValues
  readonly onSave: (values: FormValues) => Promise<ApiResult<unknown>>
  /** What is saved by now, after somebody else was faster; from then on, saving is over that. */
  readonly onLook: () => Promise<FormValues | null>
  readonly onSaved: () => void
  readonly onBack?: () => void
  /** Said beside the buttons: that it was saved. */
  readonly status?: string
}

/** One record in a form. Faults are named beside their fields; what somebody else saved meanwhile is shown before it is lost. */
export function RecordEditor({ title, fields, bounds, first, onSave, onLook, onSaved, onBack, status }: EditorProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const sentence = useFaultWords(fields)
  const [values, setValues] = useState<FormValues>(first)
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({})
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const [theirs, setTheirs] = useState<FormValues | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [version, setVersion] = useState(0)
  const page = useRef<HTMLFormElement>(null)
  const focusOn = (field: string | undefined): void => {
    requestAnimationFrame(() =>
      page.current?.querySelector<HTMLElement>(`input[data-field="${field}"], [data-field="${field}"] input`)?.focus(),
    )
  }
  const save = async (): Promise<void> => {
    const found = faultsOf(bounds, values)
    const faults = fields.flatMap(({ name }) => found.filter(({ field }) => field === name))
    setErrors(Object.fromEntries(faults.map((fault) => [fault.field, sentence(fault)])))
    setProblem(null)
    if (faults.length > 0) return focusOn(faults[0]?.field)
    setIsBusy(true)
    const answer = await onSave(values)
    setIsBusy(false)
    if (answer.ok) return onSaved()
    if (answer.kind === 'refused' && answer.code === 'stale-revision') return setTheirs(await onLook())
    setProblem(answer)
    if (answer.kind === 'refused') focusOn(answer.field)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void save()
  }
  const takeTheirs = (): void => {
    if (theirs) setValues(theirs)
    setTheirs(null)
    setVersion(version + 1)
  }
  return (
    <form className={form.form} ref={page} onSubmit={submit} noValidate aria-label={title}>
      {title !== undefined && <h3 className={form.title}>{title}</h3>}
      <RecordFields
        key={version}
        fields={fields}
        values={values}
        errors={errors}
        onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
      />
      <div role="alert">
        {problem && <p className={list.problem}>{words(problem)}</p>}
        {theirs && (
          <Meanwhile
            fields={fields}
            mine={values}
            theirs={theirs}
            onTheirs={takeTheirs}
            onMine={() => {
              setTheirs(null)
              void save()
            }}
          />
        )}
      </div>
      <div className={form.steps}>
        <Button type="submit" variant="filled" loading={isBusy}>
          {t('settings.save')}
        </Button>
        {onBack && <Button onClick={onBack}>{t('settings.back')}</Button>}
        {status !== undefined && <span role="status">{status}</span>}
      </div>
    </form>
  )
}

/** A fault as a sentence that names the field and the rule. */
function useFaultWords(fields: readonly FieldSpec[]): (fault: Fault) => string {
  const { t } = useTranslation()
  return ({ field, rule, limit = 0 }) => {
    const name = fields.find((one) => one.name === field)?.label ?? field
    return t(`settings.faults.${rule}`, { field: name, limit })
  }
}
