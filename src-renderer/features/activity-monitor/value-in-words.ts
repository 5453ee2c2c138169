import type { i18n } from 'i18next'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import type { Format } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'

type Words = {
  readonly clinic: Clinic
  readonly format: Format
  readonly i18n: Pick<i18n, 'exists' | 't'>
  readonly lookup: (id: PatientId) => { readonly name: string } | undefined
}

const INSTANTS = new Set(['start', 'end', 'arrivedAt', 'startedAt', 'finishedAt', 'cancelledAt'])

/** A field of a visit as a person reads it; what has no word stands as it was kept. */
export function valueInWords({ clinic, format, i18n, lookup }: Words, field: string, text: string): string {
  if (INSTANTS.has(field)) return format.moment(Number(text))
  if (field === 'localDay') return format.day(text)
  if (field === 'status') return wordOf(i18n, 'status', text)
  if (field === 'doctorId') return clinic.doctorOf(text as DoctorId)?.name ?? text
  if (field === 'typeId') return clinic.typeOf(text as AppointmentTypeId)?.name ?? text
  if (field === 'patientId') return lookup(text as PatientId)?.name ?? text
  return text
}
