/** Names and values of a record's fields in words, for two versions side by side. */
import type { TFunction } from 'i18next'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Format } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'

export type FieldText = {
  /** Null for a field that people never see by itself. */
  readonly labelOf: (field: string) => string | null
  readonly wordsOf: (field: string, value: unknown) => string
}

export function fieldText(collection: CollectionName, clinic: Clinic, t: TFunction, format: Format): FieldText {
  const labels: Partial<Record<CollectionName, Readonly<Record<string, string>>>> = {
    patients: {
      name: t('patient.name'),
      birthDate: t('patient.birth-date'),
      phone: t('patient.phone'),
      email: t('patient.email'),
      alerts: t('patient.alerts'),
      note: t('patient.note'),
    },
    appointments: {
      start: t('details.when'),
      doctorId: t('details.doctor'),
      status: t('details.status'),
      reason: t('details.reason'),
      note: t('details.note'),
      cancelReason: t('details.cancel-reason'),
      overbookReason: t('details.overbooked'),
    },
    waitlist_entries: {
      note: t('waitlist.note'),
      fromDay: t('waitlist.from-day'),
      untilDay: t('waitlist.until-day'),
      fromTime: t('waitlist.from-time'),
      untilTime: t('waitlist.until-time'),
    },
    day_notes: {
      text: t('day-note.text'),
      doctorId: t('day-note.for'),
      date: t('day-note.day'),
      lastDate: t('day-note.until-day'),
    },
    schedules: { date: t('details.when'), startTime: t('waitlist.from-day'), endTime: t('waitlist.until-day') },
  }
  return {
    labelOf: (field) => labels[collection]?.[field] ?? null,
    wordsOf: (field, value) => {
      if (value === null || value === '' || value === undefined) return '–'
      if (field === 'start') return format.moment(value as number)
      if (field === 'doctorId') return clinic.doctorOf(value as DoctorId)?.name ?? '…'
      if (field === 'birthDate') return format.birthDate(value as string)
      if (field === 'status') return statusText(t, value as AppointmentStatus)
      if (['date', 'lastDate', 'fromDay', 'untilDay'].includes(field)) return format.day(value as string)
      return Array.isArray(value) ? value.join(', ') || '–' : String(value)
    },
  }
}

export const fieldTextOf = ({ wordsOf }: FieldText, record: object, field: string): string =>
  wordsOf(field, (record as Readonly<Record<string, unknown>>)[field])

/** The time in the room is no status of its own here. */
const statusText = (t: TFunction, status: AppointmentStatus): string =>
  t(`status.${status === 'fulfilled' ? 'done' : status}`)
