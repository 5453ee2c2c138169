import type { TFunction } from 'i18next'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { localDayOf, timeOfMinute, toLocal } from '#domain/time/clinic-time.ts'
import { type CardMark, STATE_ROWS, stateOfVisit } from '#renderer/clinic/sync-states.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useForeignChanges } from '#renderer/clinic/use-foreign-changes.ts'
import { useLateOf } from '#renderer/clinic/use-lateness.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { entryOfGhost, useRejectedVisits } from '#renderer/clinic/use-rejected-visits.ts'
import { isKeptHere } from '#renderer/local-db/allotments.ts'
import { useOwnLeases, usePatientLookup, useSyncStatus, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import type { Stretch } from '#renderer/ui/time-grid/grid-types.ts'
import { type Arrangement, arrangeDoctors } from './arrange-doctors.ts'
import { type BoardColumn, rangeOf, toBoardColumns } from './board-columns.ts'
import type { BoardItem, ItemWords } from './board-item.ts'
import { useHeldByOthers } from './use-held-by-others.ts'

export type Board = {
  readonly columns: readonly BoardColumn[]
  readonly range: Stretch
  readonly nowMinute: number | null
  readonly isReady: boolean
}

const NONE: readonly never[] = []

/**
 * The board's columns for a day, with names, marks and the present worked in.
 * @param options `isBySession` false gives everybody of a group a card of their own
 */
export function useBoard(
  clinic: Clinic,
  { day, appointments, hoursOf }: ClinicDay,
  arrangement: Arrangement,
  { isBySession = true }: { readonly isBySession?: boolean } = {},
): Board {
  const now = useNow()
  const [shown, words] = useCards(clinic, day, appointments, isBySession)
  const held = useHeldByOthers()
  const lateOf = useLateOf(day)
  const before = useRef<readonly BoardColumn[]>(NONE)
  const { zone } = clinic
  const doctors = useMemo(() => arrangeDoctors(doctorsSeen(clinic), arrangement), [clinic, arrangement])
  const columns = useMemo(() => {
    const source = { day, zone, now, doctors, appointments: shown, held, lateOf, hoursOf, words }
    before.current = toBoardColumns(source, before.current)
    return before.current
  }, [day, zone, now, doctors, shown, held, lateOf, hoursOf, words])
  const nowMinute = localDayOf(now, zone) === day ? toLocal(now, zone).minuteOfDay : null
  // Once there has been a board it stays: a day that is not read yet is an empty one for a moment, and keeps the focus.
  const hasBeenReady = useRef(false)
  hasBeenReady.current ||= appointments !== undefined && doctors.length > 0
  return { columns, range: rangeOf(columns), nowMinute, isReady: hasBeenReady.current }
}

/** A doctor who may see the whole clinic has their own column first; others see their own alone. */
export function doctorsSeen({ doctors, subject }: Clinic) {
  if (subject.doctorId === null) return doctors
  const seesClinic = subject.grants.some(
    ({ permission, scope }) => permission === 'view-appointments' && scope === 'clinic',
  )
  const own = doctors.filter(({ id }) => id === subject.doctorId)
  return seesClinic ? [...own, ...doctors.filter(({ id }) => id !== subject.doctorId)] : own
}

/** What has a card on the days that are shown, wishes that were refused among them, and the words on the cards. */
export function useCards(
  clinic: Clinic,
  scope: string,
  appointments: readonly Appointment[] | undefined,
  isBySession = true,
): readonly [readonly Appointment[], ItemWords] {
  const rejected = useRejectedVisits()
  const { initialSync } = useSyncStatus()
  // What the first download brings is nobody's change.
  const changed = useForeignChanges(scope, initialSync.done ? appointments : undefined)
  const shown = useMemo(() => {
    const days = new Set(scope.split(' '))
    const ghosts = rejected.filter(({ localDay }) => days.has(localDay))
    return ghosts.length === 0 ? (appointments ?? NONE) : [...(appointments ?? NONE), ...ghosts]
  }, [scope, appointments, rejected])
  return [shown, useItemWords(clinic, changed, isBySession)]
}

/** The words on the cards, worked out anew when names or marks change. */
function useItemWords(clinic: Clinic, changed: ReadonlySet<string>, isBySession: boolean): ItemWords {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const unsent = useUnsent('appointments')
  const leases = useOwnLeases()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  return useMemo(() => {
    const isRejected = ({ id }: Appointment): boolean => entryOfGhost(id) !== null
    const markOf = (visit: Appointment): CardMark => {
      const { id } = visit
      const isChanged = changed.has(id)
      const isUnsent = unsent.has(id)
      const isKept = isUnsent && isKeptHere(visit, leases, clinic.typeOf)
      const facts = { visit, isUnsent, isOnline, isKept, isRejected: isRejected(visit), isChanged }
      const { card } = STATE_ROWS[stateOfVisit(facts)]
      if (card !== 'status') return card
      return isChanged ? 'changed' : 'none'
    }
    return {
      nameOf: ({ patientId }) => lookup(patientId)?.name ?? '…',
      typeNameOf: ({ typeId }) => clinic.typeOf(typeId)?.name ?? '',
      markOf,
      labelOf: (card) => labelOf(card, t),
      capacityOf: (typeId) => (isBySession ? (clinic.typeOf(typeId)?.capacity ?? 1) : 1),
      placesOf: (seats) => t('group.places', seats),
      waitingLimitMinutes: clinic.waitingLimitMinutes,
      canMove: (appointment) =>
        ['pending', 'confirmed', 'unplaced'].includes(appointment.status) &&
        !isRejected(appointment) &&
        clinic.may('move-appointment', appointment),
    }
  }, [t, lookup, unsent, leases, changed, isOnline, clinic, isBySession])
}

/** A single visit beside another one, or a group with more patients than places. */
export const isOverbooked = ({ seating, appointment }: Pick<BoardItem, 'seating' | 'appointment'>): boolean =>
  seating === 'over' || (seating === null && appointment.overbookReason !== '')

function labelOf(card: Omit<BoardItem, 'label'>, t: TFunction): string {
  const status = card.mark === 'rejected' ? t('state.rejected') : t(`status.${card.look}`)
  const parts = [timeOfMinute(card.startMinute), card.name, card.typeName, status]
  if (card.isLate) parts.push(t('card.late-spoken', { count: card.waitedMinutes ?? 0 }))
  else if (card.look === 'arrived') parts.push(t('card.waiting-spoken', { count: card.waitedMinutes ?? 0 }))
  if (card.isLongWait) parts.push(t('waiting.long'))
  if (card.seating === 'full') parts.push(t('group.full'))
  else if (isOverbooked(card)) parts.push(t('card.overbooked'))
  if (card.mark === 'to-send' || card.mark === 'provisional' || card.mark === 'final')
    parts.push(t(`state.${card.mark}`))
  return parts.filter(Boolean).join(', ')
}
