/** What is filled in so far: everything a booking needs but the time, which is chosen among what is free for it. */
import { useMemo } from 'react'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { visitToRepeat } from '#domain/appointment/patient-history.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import { parseWishedTime, type WishedTime } from '#domain/schedule/wished-time.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientVisits } from '#renderer/clinic/use-patient-visits.ts'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import type { Wanted } from './slot-types.ts'

export type Draft = {
  readonly patientId: PatientId | null
  readonly type: AppointmentType | undefined
  /** The types that can be booked, those of the pointed-at doctor first. */
  readonly types: readonly AppointmentType[]
  /** The doctor asked for; null leaves it open. */
  readonly doctorId: DoctorId | null
  /** Whom the patient saw last. */
  readonly usualDoctorId: DoctorId | null
  readonly wishText: string
  readonly wish: WishedTime | null
  readonly reason: string
  /** The visit that would be repeated, where its doctor and type can still be booked. */
  readonly repeat: Repeatable | null
  readonly choosePatient: (id: PatientId | null) => void
  readonly chooseType: (id: AppointmentTypeId) => void
  readonly chooseDoctor: (id: DoctorId | null) => void
  readonly sayWhen: (text: string) => void
  readonly giveReason: (text: string) => void
}

export type Repeatable = { readonly typeId: AppointmentTypeId; readonly doctorId: DoctorId }

/** Who and what for, chosen elsewhere before the panel opened. */
export type FirstChoice = { readonly patientId: PatientId | null; readonly typeId: AppointmentTypeId | null }

export function useDraft(clinic: Clinic, wanted: Wanted | null, first: FirstChoice): Draft {
  const [patientId, setPatientId] = useKept('patientId', first.patientId)
  const [pickedType, chooseType] = useKept<AppointmentTypeId | null>('typeId', first.typeId)
  const [doctorId, chooseDoctor] = useKept<DoctorId | null>('doctorId', null)
  const [wishText, sayWhen] = useKept('wish', '')
  const [reason, giveReason] = useKept('reason', '')
  const types = useOfferedTypes(clinic, doctorId ?? wanted?.doctorId)
  const type = types.find(({ id }) => id === pickedType) ?? types[0]
  const visits = usePatientVisits(patientId)
  const now = clinic.desk.now()
  const last = visitToRepeat(visits, now)
  const today = localDayOf(now, clinic.zone)
  const wish = useMemo(() => parseWishedTime(wishText, today), [wishText, today])
  const isBookable = clinic.bookable.some(({ id }) => id === last?.doctorId)
  const repeat = last && isBookable && types.some(({ id }) => id === last.typeId) ? last : null
  return {
    patientId,
    type,
    types,
    doctorId,
    usualDoctorId: last?.doctorId ?? null,
    wishText,
    wish,
    reason,
    repeat,
    choosePatient: (id) => {
      setPatientId(id)
      chooseDoctor(null)
    },
    chooseType: (id) => {
      chooseType(id)
      const chosen = types.find((one) => one.id === id)
      // Whoever does not offer the visit cannot be asked for it.
      if (doctorId !== null && chosen && !isOffered(chosen, doctorId)) chooseDoctor(null)
    },
    chooseDoctor,
    sayWhen,
    giveReason,
  }
}

export const isOffered = ({ doctorIds }: AppointmentType, doctorId: DoctorId): boolean =>
  doctorIds.length === 0 || doctorIds.includes(doctorId)

/** The types that can be booked, those of the doctor first, shorter before longer. */
function useOfferedTypes({ types, bookable }: Clinic, doctorId: DoctorId | undefined): readonly AppointmentType[] {
  return useMemo(() => {
    const rank = (type: AppointmentType): number => (doctorId === undefined || isOffered(type, doctorId) ? 0 : 1)
    return types
      .filter((type) => bookable.some(({ id }) => isOffered(type, id)))
      .toSorted((a, b) => rank(a) - rank(b) || a.durationMinutes - b.durationMinutes)
  }, [types, bookable, doctorId])
}
