import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { moveLocally } from '#renderer/local-db/appointments-store.ts'
import { noteHandled } from '#renderer/local-db/handled-entries.ts'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { dismissOverruled, type OverruledChange } from '#renderer/local-db/overruled-changes.ts'
import { editPatientLocally } from '#renderer/local-db/patients-store.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import { fieldText } from './field-text.ts'
import type { InboxProps } from './inbox-props.ts'
import { RecordVersions } from './record-versions.tsx'
import classes from './sync-inbox.module.css'
import { useRecord } from './use-record.ts'
import { WayButtons } from './way-buttons.tsx'

type OverruledProps = InboxProps & { readonly change: OverruledChange }

/** An edit made here that gave way to somebody else's of the same field: both versions, and what can be done. */
export function OverruledEntry({ change, clinic, onShowOnBoard }: OverruledProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { collection, documentId, fields, row, at } = change
  const record = useRecord(collection, documentId)
  const visit = collection === 'appointments' ? (record as Appointment | undefined) : undefined
  const name = usePatientLookup()(patientOf(change))?.name ?? t('inbox.a-patient')
  const ways = useOverruledWays(clinic, change)
  return (
    <article className={classes.entry}>
      <h2 className={classes.headline}>{t('inbox.overruled-title', { name })}</h2>
      <p className={classes.sentence}>
        {t(visit ? 'inbox.overruled-visit' : 'inbox.overruled', {
          time: format.moment(at),
          theirs: visit ? format.moment(visit.updatedAt) : '',
        })}
      </p>
      <RecordVersions
        fields={fields}
        wanted={row.newDocumentState}
        current={record}
        text={fieldText(collection, clinic, t, format)}
      />
      <WayButtons runs={{ 'inbox.again': ways.again, 'inbox.dismiss': ways.dismiss }} usual="inbox.dismiss">
        {visit && (
          <Button variant="subtle" onClick={() => onShowOnBoard(visit)}>
            {t('inbox.show-on-board')}
          </Button>
        )}
      </WayButtons>
    </article>
  )
}

const PLACE: ReadonlySet<string> = new Set(['start', 'end', 'doctorId', 'locationId', 'roomId'])

function useOverruledWays(clinic: Clinic, change: OverruledChange) {
  const { t } = useTranslation()
  const { database } = useLocalDb()
  const { desk } = clinic
  const { id, collection, documentId, fields, row } = change
  const wanted = row.newDocumentState as unknown as Appointment & Patient
  const settle = async (way: 'again' | 'dismissed'): Promise<void> => {
    const isVisit = collection === 'appointments'
    await noteHandled(desk, {
      id,
      way,
      patientId: patientOf(change),
      visitId: isVisit ? wanted.id : null,
      start: isVisit ? wanted.start : null,
      doctorId: isVisit ? wanted.doctorId : null,
    })
    await dismissOverruled(database, id)
  }
  const apply = async (): Promise<void> => {
    const written =
      collection === 'patients'
        ? await editPatientLocally(desk, documentId as Patient['id'], picked(wanted, fields))
        : await moveLocally(desk, documentId as Appointment['id'], wanted)
    if (written.ok) await settle('again')
    else showProblem(refusalSentence(t, written.reason))
  }
  // How far a visit has got goes on from where it stands, on the board; it is not set back from here.
  const canApply =
    (collection === 'patients' && clinic.mayEver('manage-patients')) ||
    (collection === 'appointments' && fields.every((field) => PLACE.has(field)))
  return { again: canApply ? () => void apply() : undefined, dismiss: () => void settle('dismissed') }
}

const picked = (from: object, fields: readonly string[]): object =>
  Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)))

/** Whom the record is about; a waitlist entry and a visit name them. */
function patientOf({ collection, documentId, row }: OverruledChange): Patient['id'] {
  const { patientId } = row.newDocumentState as unknown as Partial<Appointment>
  return collection === 'patients' ? (documentId as Patient['id']) : (patientId ?? (documentId as Patient['id']))
}
