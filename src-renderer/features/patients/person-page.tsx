import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '#domain/access/can.ts'
import type { PatientId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { PatientFacts } from '#renderer/clinic/patient-facts.tsx'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { PatientHit } from '#renderer/local-db/patient-index.ts'
import { patientsById } from '#renderer/local-db/queries.ts'
import { useOpened } from '#renderer/local-db/use-opened.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { AppAccess } from './app-access.tsx'
import { ContactForm } from './contact-form.tsx'
import { DataCopy } from './data-copy.tsx'
import classes from './patients.module.css'
import type { PatientsProps } from './patients-props.ts'
import { Preferences } from './preferences.tsx'
import { Relatives } from './relatives.tsx'
import { VisitHistory } from './visit-history.tsx'

type PersonProps = PatientsProps & { readonly patientId: PatientId }

/** One person: how to reach them, what to know, when they come, and how they want to be told. */
export function PersonPage(props: PersonProps) {
  const { clinic, patientId, onPatient, onBook } = props
  const { t } = useTranslation()
  const { database } = useLocalDb()
  const hit = usePatientLookup()(patientId)
  const patient = useRxQuery(useMemo(() => patientsById(database, [patientId]), [database, patientId]))?.[0]
  useOpened('patients', patientId)
  const close = (): void => {
    onPatient(null)
    document.getElementById('patients-find')?.focus()
  }
  const mayBook = clinic.mayEver('book-appointment')
  const book = (): void => onBook(patientId)
  useHotkeys([{ keys: 'Escape', run: close }, ...(mayBook ? [{ keys: 'b', run: book }] : [])])
  if (!hit || !patient) return null
  return (
    <article ref={focusOn} tabIndex={-1} className={classes.person} aria-label={t('patients.person')}>
      <header className={classes.head}>
        <div>
          <h2>
            <bdi>{hit.name}</bdi>
          </h2>
          <PatientFacts patient={hit} />
        </div>
        {mayBook && (
          <Button variant="filled" onClick={book} rightSection={<KeyHint keys="b" />}>
            {t('patients.book')}
          </Button>
        )}
      </header>
      {hit.alerts.map((alert) => (
        <p key={alert} className={classes.alert}>
          <bdi>{alert}</bdi>
        </p>
      ))}
      <Columns {...props} patient={patient} hit={hit} />
    </article>
  )
}

/** Whoever was picked is read next; single keys act there, and not in the field of the list. */
const focusOn = (page: HTMLElement | null): void => page?.focus({ preventScroll: true })

type ColumnsProps = PersonProps & { readonly patient: Patient; readonly hit: PatientHit }

/** When they come, beside how they are reached. */
function Columns({ clinic, api, platform, patientId, onPatient, onVisit, patient, hit }: ColumnsProps) {
  const mayManage = can(clinic.subject, 'manage-patients', { clinicId: patient.clinicId, patientId })
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <VisitHistory clinic={clinic} api={api} patientId={patientId} onVisit={onVisit} />
        <Relatives patient={hit} onPatient={onPatient} />
      </div>
      <div className={classes.column}>
        <ContactForm key={patientId} clinic={clinic} patient={patient} isReadOnly={!mayManage} />
        <Preferences api={api} patientId={patientId} isReadOnly={!mayManage} />
        {mayManage && <AppAccess api={api} patient={patient} />}
        {clinic.mayEver('manage-privacy') && <DataCopy api={api} platform={platform} patientId={patientId} />}
      </div>
    </div>
  )
}
