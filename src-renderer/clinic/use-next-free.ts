import { useEffect, useState } from 'react'
import type { SlotAnswer } from '#domain/api/slot-api.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import type { PatientApi } from '#renderer/server-api/patient-api.ts'

/**
 * The first free time for what is wanted, true when it was asked.
 * @returns null when there is none, undefined while nobody has answered
 */
export function useNextFree(
  api: Pick<PatientApi, 'nextFree'>,
  typeId: AppointmentTypeId | null,
  doctorId: DoctorId | null,
): SlotAnswer | null | undefined {
  const [next, setNext] = useState<SlotAnswer | null | undefined>()
  useEffect(() => {
    let isWanted = true
    setNext(undefined)
    if (typeId === null) return
    void api.nextFree({ typeId, doctorId }, 1).then((answer) => {
      if (isWanted && answer.ok) setNext(answer.value.slots[0] ?? null)
    })
    return () => {
      isWanted = false
    }
  }, [api, typeId, doctorId])
  return next
}
