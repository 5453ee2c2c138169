import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { KeptForms } from './kept-forms.ts'
import { useLocalDb } from './local-db-context.tsx'

const FormsContext = createContext<KeptForms | null>(null)
const NameContext = createContext<string | null>(null)

/** Reads what was being typed before, once for each opening of the data. */
export function KeptFormsProvider({ children }: { readonly children: ReactNode }) {
  const { database } = useLocalDb()
  const [forms, setForms] = useState<KeptForms | null>(null)
  useEffect(() => {
    let isCurrent = true
    void KeptForms.open(database).then((opened) => {
      if (isCurrent) setForms(opened)
    })
    return () => {
      isCurrent = false
    }
  }, [database])
  return <FormsContext value={forms}>{children}</FormsContext>
}

/** Null until it is read. */
export const useKeptForms = (): KeptForms | null => useContext(FormsContext)

/** A form whose fields outlive a lock, shown once it is known what stands in them; with null, one that is not kept. */
export function KeptForm({ name, children }: { readonly name: string | null; readonly children: ReactNode }) {
  const forms = useKeptForms()
  if (name !== null && !forms) return null
  return <NameContext value={name}>{children}</NameContext>
}

/** State that a lock does not forget inside of a `KeptForm`, and plain state outside of one. @param first plain data */
export function useKept<Value>(field: string, first: Value): readonly [Value, (value: Value) => void] {
  const forms = useKeptForms()
  const name = useContext(NameContext)
  const [value, setValue] = useState<Value>(() => {
    const kept = name === null ? undefined : forms?.get(name, field)
    return kept === undefined ? first : (kept as Value)
  })
  const keep = useCallback(
    (next: Value) => {
      setValue(next)
      if (name !== null) forms?.set(name, field, next)
    },
    [forms, name, field],
  )
  return [value, keep]
}
