import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import { useAllPatients, usePatientLookup, usePatientSearch } from '#renderer/local-db/local-db-context.tsx'
import { VirtualList } from '#renderer/ui/parts/virtual-list.tsx'
import classes from './patients.module.css'

/** A name above two short lines of facts fits into it. */
const ROW_PX = 48
/** Nobody reads further; who is meant is found by another letter. */
const MOST_FOUND = 500

type PatientListProps = {
  readonly recent: readonly PatientId[]
  readonly chosenId: PatientId | null
  readonly onPatient: (id: PatientId) => void
}

/** Everybody on this computer, those handled last first, narrowed by what is typed. */
export function PatientList({ recent, chosenId, onPatient }: PatientListProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const lookup = usePatientLookup()
  const everybody = useAllPatients()
  const found = usePatientSearch(text, MOST_FOUND)
  const ids = useMemo(() => {
    if (text.trim() !== '') return found.map(({ id }) => id)
    const known = recent.filter((id) => lookup(id) !== undefined)
    const isRecent = new Set(known)
    return [...known, ...everybody.map(({ id }) => id).filter((id) => !isRecent.has(id))]
  }, [text, found, everybody, recent, lookup])
  return (
    <section className={classes.side} aria-label={t('book.patients')}>
      <VirtualList
        aria-label={t('patients.find')}
        placeholder={t('book.patient-hint')}
        listLabel={t('book.patients')}
        value={text}
        onValue={setText}
        ids={ids}
        rowHeight={ROW_PX}
        rowOf={(id) => {
          const patient = lookup(id as PatientId)
          return patient && <PatientRow patient={patient} />
        }}
        chosenId={chosenId}
        onPick={(id) => onPatient(id as PatientId)}
        empty={text !== '' && <p className={classes.quiet}>{t('book.nobody-found')}</p>}
        id="patients-find"
        autoFocus
      />
      <p className={classes.count} role="status">
        {t('patients.count', { count: ids.length })}
      </p>
    </section>
  )
}
