import { useRef } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { HoldState } from './hold-keeper.ts'
import type { Filled } from './slot-types.ts'
import { useBook } from './use-book.ts'
import { useHold } from './use-hold.ts'
import type { Series } from './use-series.ts'

const NO_HOLD: HoldState = { kind: 'none' }

/** Keeps the chosen time and books it, or all visits of a series. A full time cannot be kept, and nobody's hold stands in the way of overbooking it. */
export function useSubmit(api: Pick<ServerApi, 'call'>, clinic: Clinic, filled: Filled, series: Series) {
  const { patientId, type, slot, reason } = filled
  const isOverbooked = slot?.isOverbooked ?? false
  const hold = useHold(api, isOverbooked ? null : slot, type?.id, patientId)
  const state = isOverbooked ? NO_HOLD : hold.state
  const book = useBook(clinic)
  const isBusy = useRef(false)
  const overbookReason = isOverbooked ? filled.overbookReason.trim() : ''
  /** The server takes the place of the hold by itself. */
  const once = async (run: () => Promise<Appointment | undefined>): Promise<Appointment | undefined> => {
    if (isBusy.current) return undefined
    isBusy.current = true
    try {
      return await run()
    } finally {
      isBusy.current = false
    }
  }
  const submit = async (): Promise<Appointment | undefined> => {
    if (series.draft.isOn) return once(series.book)
    if (!patientId || !type || !slot || state.kind === 'refused') return undefined
    if (isOverbooked && overbookReason === '') return undefined
    const wish = { patientId, typeId: type.id, doctorId: slot.doctorId, start: slot.start }
    return once(async () => {
      await hold.ready(wish)
      return book({ ...wish, reason, overbookReason })
    })
  }
  return { state, submit }
}
