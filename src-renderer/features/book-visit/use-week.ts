import { useEffect, useState } from 'react'
import { DAYS_SHOWN, type SlotDay, slotDays } from '#domain/schedule/slot-days.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PatientApi, Wanted } from '#renderer/server-api/patient-api.ts'

export type Week = {
  readonly from: LocalDay
  /** Null until the server has answered for these days. */
  readonly days: readonly SlotDay[] | null
  readonly problem: ApiFailure | null
}

/** Seven days of free times as the server has them now. @param round asks again when it changes */
export function useWeek(api: Pick<PatientApi, 'slots'>, wanted: Wanted, from: LocalDay, round: number): Week {
  const [week, setWeek] = useState<Week>({ from, days: null, problem: null })
  const { typeId, doctorId } = wanted
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    let isWanted = true
    setWeek((before) => ({ from, days: before.from === from ? before.days : null, problem: null }))
    void api.slots({ typeId, doctorId }, from, addDays(from, DAYS_SHOWN - 1)).then((answer) => {
      if (!isWanted) return
      const days = answer.ok ? slotDays(from, answer.value) : null
      setWeek({ from, days, problem: answer.ok ? null : answer })
    })
    return () => {
      isWanted = false
    }
  }, [api, typeId, doctorId, from, round])
  return week
}
