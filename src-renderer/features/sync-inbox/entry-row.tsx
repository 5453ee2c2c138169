import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { readParkedChange } from '#renderer/clinic/parked-wish.ts'
import { readRefused } from '#renderer/clinic/refused-change.ts'
import { type SpokenState, STATE_ROWS } from '#renderer/clinic/sync-states.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { isKeptHere } from '#renderer/local-db/allotments.ts'
import { useOwnLeases, usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import classes from './sync-inbox.module.css'
import type { InboxEntry } from './use-inbox.ts'

type RowProps = {
  readonly clinic: Clinic
  readonly entry: InboxEntry
  readonly isChosen: boolean
  readonly onChoose: () => void
}

/** One entry in two lines: what it is, and whom it is about. */
export function EntryRow({ clinic, entry, isChosen, onChoose }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const leases = useOwnLeases()
  const visit = visitOf(entry)
  const isKept = visit !== undefined && isKeptHere(visit, leases, clinic.typeOf)
  const state = stateOf(entry, isOnline, isKept)
  return (
    <button type="button" className={classes.row} aria-current={isChosen || undefined} onClick={onChoose}>
      <span className={classes.rowTitle}>
        {t(`inbox.row.${titleOf(entry)}`)}
        {STATE_ROWS[state].isInInbox && <span className={classes.state}>{t(`state.${state}`)}</span>}
      </span>
      <span className={classes.rowAbout}>
        {aboutOf(entry).map((fact, index) => (
          <Fragment key={fact}>
            {index > 0 && ' · '}
            <bdi>{fact}</bdi>
          </Fragment>
        ))}
      </span>
    </button>
  )

  function aboutOf(one: InboxEntry): readonly string[] {
    if (one.kind === 'unsent' && one.change.kind === 'patient') return [one.change.patient.name]
    if (one.kind === 'parked') {
      const wish = readParkedChange(one.change)
      if (wish.kind === 'patient') return [wish.wanted.name]
      if (wish.kind === 'schedule')
        return [format.day(wish.wanted.date), clinic.doctorOf(wish.wanted.doctorId)?.name ?? '…']
    }
    if (one.kind === 'stranded') {
      const { doctorId, date } = one.list.schedule
      return [format.day(date), clinic.doctorOf(doctorId)?.name ?? '…']
    }
    if (one.kind === 'handled') {
      const { patientId, at } = one.handled
      return [patientId === null ? '' : (lookup(patientId)?.name ?? '…'), format.time(at)].filter(Boolean)
    }
    const person = patientOf(one)
    if (person !== undefined) return [lookup(person)?.name ?? '…']
    const visit = visitOf(one)
    if (!visit) return []
    const { patientId, start, doctorId } = visit
    return [lookup(patientId)?.name ?? '…', format.moment(start), clinic.doctorOf(doctorId)?.name ?? '…']
  }
}

function visitOf(entry: InboxEntry): Appointment | undefined {
  if (entry.kind === 'unplaced') return entry.appointment
  if (entry.kind === 'stranded' || entry.kind === 'handled') return undefined
  if (entry.kind === 'parked') {
    const wish = readParkedChange(entry.change)
    return wish.kind === 'appointment' ? wish.wanted : undefined
  }
  if (entry.kind === 'overruled') {
    const { collection, row } = entry.change
    return collection === 'appointments' ? (row.newDocumentState as unknown as Appointment) : undefined
  }
  if (entry.kind === 'unsent') return entry.change.kind === 'appointment' ? entry.change.appointment : undefined
  const wish = readRefused(entry.change)
  return wish.kind === 'other' || wish.kind === 'record' ? undefined : wish.wanted
}

/** The patient whose own record a lost edit was about. */
function patientOf(entry: InboxEntry): PatientId | undefined {
  if (entry.kind === 'overruled' && entry.change.collection === 'patients') return entry.change.documentId as PatientId
  if (entry.kind !== 'refused' || entry.change.collectionName !== 'patients') return undefined
  return entry.change.documentId as PatientId
}

function titleOf(entry: InboxEntry) {
  if (entry.kind === 'handled') return `done-${entry.handled.way}` as const
  if (entry.kind === 'refused') return readRefused(entry.change).kind === 'move' ? 'refused-move' : 'refused'
  if (entry.kind !== 'unsent') return entry.kind
  if (entry.change.kind === 'patient') return 'patient'
  const { status, revision } = entry.change.appointment
  if (revision === 0) return 'booked'
  return status === 'cancelled' ? 'cancelled' : 'changed'
}

/** The entry's state, in the same words as on the card. */
function stateOf(entry: InboxEntry, isOnline: boolean, isKept: boolean): SpokenState {
  if (entry.kind === 'handled') return 'synced'
  if (entry.kind === 'refused' || entry.kind === 'parked') return 'rejected'
  if (entry.kind !== 'unsent') return 'conflict'
  if (isOnline) return 'syncing'
  const isNew = entry.change.kind === 'appointment' && entry.change.appointment.revision === 0
  if (!isNew) return 'to-send'
  return isKept ? 'final' : 'provisional'
}
