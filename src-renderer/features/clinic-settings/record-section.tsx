import { Button } from '@mantine/core'
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TSchema } from 'typebox'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { RecordCalls, Revised, Values } from '#renderer/server-api/clinic-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import type { FieldSpec } from '#renderer/ui/record-form/field-spec.ts'
import { RecordEditor } from './record-editor.tsx'

type Row = Revised & { readonly name: string; readonly isActive?: boolean }

export type RecordSectionProps<Kind extends Row> = {
  readonly calls: RecordCalls<Kind>
  readonly about: string
  /** Labels of the button and of the form of a new one. */
  readonly add: string
  /** Said where there is none yet. */
  readonly none: string
  /** Heads of the columns beside the name. */
  readonly columns: readonly string[]
  /** The other cells of a row, one for each column. */
  readonly cells: (row: Kind) => readonly ReactNode[]
  readonly fields: readonly FieldSpec[]
  /** Fields of a new one only: what is said once and stays. */
  readonly onlyNew?: readonly string[]
  readonly bounds: Readonly<Record<string, TSchema>>
  /** What the form of a new one begins with. */
  readonly first: Values
  readonly mayChange?: boolean
  readonly onSaved?: () => void
}

/** A list of records of one kind, each of which opens in a form in its place. */
export function RecordSection<Kind extends Row>(props: RecordSectionProps<Kind>) {
  const { calls, about, add, none, columns, cells, fields, mayChange = true, onSaved } = props
  const { t } = useTranslation()
  const words = useFailure()
  const { value: rows, problem, reload } = useLoaded(useCallback(() => calls.list(), [calls]))
  const [edited, setEdited] = useState<Kind | 'new' | null>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setEdited(null)
    void reload()
    requestAnimationFrame(() => addButton.current?.focus())
  }
  if (edited !== null) {
    const saved = (): void => {
      onSaved?.()
      close()
    }
    return <Editor {...props} row={edited === 'new' ? null : edited} onClose={close} onSaved={saved} />
  }
  return (
    <>
      <div className={list.bar}>
        <p className={list.about}>{about}</p>
        {mayChange && (
          <Button ref={addButton} variant="filled" onClick={() => setEdited('new')}>
            {add}
          </Button>
        )}
      </div>
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      {rows?.length === 0 && <p className={list.quiet}>{none}</p>}
      {rows && rows.length > 0 && (
        <table className={list.table}>
          <thead>
            <tr>
              <th scope="col">{fields.find(({ name }) => name === 'name')?.label}</th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
              <th scope="col">
                <span className="visually-hidden">{t('settings.steps')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id} data-off={row.isActive === false || undefined}>
                <th scope="row">
                  <bdi>{row.name}</bdi>
                  {row.isActive === false && <span className={list.quiet}> · {t('settings.switched-off')}</span>}
                </th>
                {cells(row).map((cell, index) => (
                  <td key={columns[index]}>{cell}</td>
                ))}
                <td data-steps>
                  {mayChange && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      aria-label={`${t('settings.edit')}: ${row.name}`}
                      onClick={() => setEdited(row)}
                    >
                      {t('settings.edit')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

type RowEditorProps<Kind extends Row> = RecordSectionProps<Kind> & {
  readonly row: Kind | null
  readonly onClose: () => void
  readonly onSaved: () => void
}

function Editor<Kind extends Row>(props: RowEditorProps<Kind>) {
  const { calls, add, fields, onlyNew = [], bounds, first, row, onClose, onSaved } = props
  // What a change is made from; the newest after somebody else was faster.
  const seen = useRef<Kind | null>(row)
  const shown = useMemo(
    () =>
      row ? fields.filter(({ name }) => !onlyNew.includes(name)) : fields.filter(({ name }) => name !== 'isActive'),
    [row, fields, onlyNew],
  )
  const part = (of: Values): Values => Object.fromEntries(shown.map(({ name }) => [name, of[name]]))
  const look = async (): Promise<Values | null> => {
    const answer = await calls.list()
    const current = answer.ok ? answer.value.find(({ id }) => id === row?.id) : undefined
    if (current) seen.current = current
    return current ? part(current) : null
  }
  return (
    <RecordEditor
      title={row ? row.name : add}
      fields={shown}
      bounds={bounds}
      first={part(row ?? first)}
      onSave={(values) => (seen.current ? calls.change(seen.current, values) : calls.add(values))}
      onLook={look}
      onSaved={onSaved}
      onBack={onClose}
    />
  )
}
