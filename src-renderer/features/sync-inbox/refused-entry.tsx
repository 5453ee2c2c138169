import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import { type RefusedWish, readRefused } from '#renderer/clinic/refused-change.ts'
import { noteHandled } from '#renderer/local-db/handled-entries.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { dismissRejection } from '#renderer/local-db/patients-store.ts'
import { fieldText } from './field-text.ts'
import type { InboxProps } from './inbox-props.ts'
import { LostTime } from './lost-time.tsx'
import { RecordVersions } from './record-versions.tsx'
import { Side } from './side.tsx'
import classes from './sync-inbox.module.css'
import { useRecord } from './use-record.ts'
import { useRepeat } from './use-repeat.ts'
import { WayButtons } from './way-buttons.tsx'

type RefusedProps = InboxProps & { readonly change: RejectedChange }

/** A change the server did not take: what was wanted, what stands instead, and what can be done. */
export function RefusedEntry({ change, ...props }: RefusedProps) {
  const { clinic } = props
  const { t } = useTranslation()
  const wish = useMemo(() => readRefused(change), [change])
  const record = useRecord(COLLECTION_NAMES.find((name) => name === change.collectionName) ?? null, change.documentId)
  const visit = change.collectionName === 'appointments' ? (record as Appointment | undefined) : undefined
  const settle = (): Promise<void> => dismissRejection(clinic.desk, change.id)
  const understand = async (): Promise<void> => {
    await noteHandled(clinic.desk, { ...subjectOf(change, wish), id: change.id, way: 'dismissed' })
    await settle()
  }
  const again = useRepeat(clinic, change, subjectOf(change, wish))
  const runs = { 'inbox.again': again, 'inbox.dismiss': () => void understand() }
  const showOnBoard = visit && (
    <Button variant="subtle" onClick={() => props.onShowOnBoard(visit)}>
      {t('inbox.show-on-board')}
    </Button>
  )
  return (
    <article className={classes.entry}>
      <What change={change} wish={wish} />
      <Versions {...props} wish={wish} record={record} />
      {wish.kind === 'move' && visit ? (
        <LostTime
          {...props}
          entryId={change.id}
          wanted={wish.wanted}
          reason={change.reason}
          keepsTime
          onSettled={settle}
          runs={runs}
        >
          {showOnBoard}
        </LostTime>
      ) : (
        <WayButtons runs={runs} usual="inbox.dismiss">
          {showOnBoard}
        </WayButtons>
      )}
    </article>
  )
}

type VersionsProps = InboxProps & { readonly wish: RefusedWish; readonly record: object | undefined }

/** What was wanted beside what stands: a visit by time and doctor, any record by the fields that differ. */
function Versions({ clinic, wish, record }: VersionsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (wish.kind === 'other') return null
  const collection = wish.kind === 'record' ? wish.collection : 'appointments'
  const fields = wish.kind === 'record' || wish.kind === 'visit' ? wish.fields : []
  return (
    <>
      {wish.kind !== 'record' && (
        <div className={classes.sides}>
          <Side clinic={clinic} title={t('inbox.wanted')} appointment={wish.wanted} isWish />
          {record && <Side clinic={clinic} title={t('inbox.as-it-stands')} appointment={record as Appointment} />}
        </div>
      )}
      <RecordVersions
        fields={fields}
        wanted={wish.wanted}
        current={record}
        text={fieldText(collection, clinic, t, format)}
      />
    </>
  )
}

/** Whom and what an entry was about, for the list of what was done today. */
function subjectOf({ collectionName, documentId }: RejectedChange, wish: RefusedWish) {
  const none = { patientId: null, visitId: null, start: null, doctorId: null }
  if (collectionName === 'patients') return { ...none, patientId: documentId as Appointment['patientId'] }
  if (wish.kind === 'other' || wish.kind === 'record') return none
  const { patientId, doctorId, start } = wish.kind === 'booking' ? wish.wanted : wish.before
  return { patientId, doctorId, start, visitId: wish.kind === 'booking' ? null : wish.wanted.id }
}

function What({ change, wish }: { readonly change: RejectedChange; readonly wish: RefusedWish }) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = usePatientLookup()(patientOf(change, wish))?.name ?? ''
  const headline =
    wish.kind === 'move'
      ? t('inbox.move-refused-title', { name, time: format.moment(wish.wanted.start) })
      : t('inbox.refused-title', { name: name || t('inbox.a-patient') })
  const why = refusalSentence(t, change.reason)
  const taken =
    change.takenBy && change.takenAt !== null
      ? t('inbox.taken-by', { who: change.takenBy, time: format.moment(change.takenAt) })
      : ''
  const stays =
    wish.kind === 'move'
      ? t('inbox.keeps-time', { time: format.moment(wish.before.start) })
      : t('inbox.nothing-changed')
  const when = t('inbox.refused-at', { time: format.moment(change.at) })
  return (
    <>
      <h2 className={classes.headline}>{headline}</h2>
      <p className={classes.sentence}>{[`${why}.`, taken, stays, when].filter(Boolean).join(' ')}</p>
    </>
  )
}

const patientOf = ({ collectionName, documentId }: RejectedChange, wish: RefusedWish): Appointment['patientId'] =>
  collectionName === 'patients' || wish.kind === 'other' || wish.kind === 'record'
    ? (documentId as Appointment['patientId'])
    : wish.wanted.patientId
