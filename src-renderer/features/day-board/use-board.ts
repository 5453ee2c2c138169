import type { TFunction } from 'i18next'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { localDayOf, timeOfMinute, toLocal } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { usePatientLookup, useSyncStatus, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import type { Stretch } from '#renderer/ui/time-grid/grid-types.ts'
import { type BoardColumn, rangeOf, toBoardColumns } from './board-columns.ts'
import type { BoardItem, ItemWords, SyncMark } from './board-item.ts'

export type Board = {
  readonly columns: readonly BoardColumn[]
  readonly range: Stretch
  readonly nowMinute: number | null
  readonly isReady: boolean
}

const NONE: readonly never[] = []

/** The board's columns for a day, with names, marks and the present worked in. */
export function useBoard(clinic: Clinic, { day, appointments, hoursOf }: ClinicDay): Board {
  const now = useNow()
  const words = useItemWords(clinic)
  const before = useRef<readonly BoardColumn[]>(NONE)
  const { zone, subject } = clinic
  const doctors = useMemo(
    () => (subject.doctorId === null ? clinic.doctors : ownFirst(clinic)),
    [clinic, subject.doctorId],
  )
  const columns = useMemo(() => {
    const source = { day, zone, now, doctors, appointments: appointments ?? NONE, hoursOf, words }
    before.current = toBoardColumns(source, before.current)
    return before.current
  }, [day, zone, now, doctors, appointments, hoursOf, words])
  const nowMinute = localDayOf(now, zone) === day ? toLocal(now, zone).minuteOfDay : null
  // Once there has been a board it stays: a day that is not read yet is an empty one for a moment, and keeps the focus.
  const hasBeenReady = useRef(false)
  hasBeenReady.current ||= appointments !== undefined && doctors.length > 0
  return { columns, range: rangeOf(columns), nowMinute, isReady: hasBeenReady.current }
}

/** A doctor who may see the whole clinic has their own column first; others see their own alone. */
function ownFirst({ doctors, subject }: Clinic) {
  const seesClinic = subject.grants.some(
    ({ permission, scope }) => permission === 'view-appointments' && scope === 'clinic',
  )
  const own = doctors.filter(({ id }) => id === subject.doctorId)
  return seesClinic ? [...own, ...doctors.filter(({ id }) => id !== subject.doctorId)] : own
}

function useItemWords(clinic: Clinic): ItemWords {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const unsent = useUnsent('appointments')
  const isOnline = useSyncStatus().connection.phase === 'ready'
  return useMemo(() => {
    const markOf = ({ id, revision }: Appointment): SyncMark => {
      // While the server answers, a change waits for a moment only: a mark would flicker.
      if (isOnline || !unsent.has(id)) return 'none'
      return revision === 0 ? 'provisional' : 'to-send'
    }
    return {
      nameOf: ({ patientId }) => lookup(patientId)?.name ?? '…',
      typeNameOf: ({ typeId }) => clinic.typeOf(typeId)?.name ?? '',
      markOf,
      labelOf: (card) => labelOf(card, t),
      canMove: (appointment) =>
        ['pending', 'confirmed', 'unplaced'].includes(appointment.status) &&
        clinic.may('move-appointment', appointment),
    }
  }, [t, lookup, unsent, isOnline, clinic])
}

function labelOf(card: Omit<BoardItem, 'label'>, t: TFunction): string {
  const parts = [timeOfMinute(card.startMinute), card.name, card.typeName, t(`status.${card.look}`)]
  if (card.isLate) parts.push(t('card.late-spoken', { count: card.waitedMinutes ?? 0 }))
  else if (card.look === 'arrived') parts.push(t('card.waiting-spoken', { count: card.waitedMinutes ?? 0 }))
  if (card.mark !== 'none') parts.push(t(`card.${card.mark}`))
  return parts.filter(Boolean).join(', ')
}
