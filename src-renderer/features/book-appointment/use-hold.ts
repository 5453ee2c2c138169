import { useEffect, useMemo, useRef, useState } from 'react'
import type { AppointmentTypeId, PatientId } from '#domain/ids.ts'
import { useLocalDb, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { createBookingCalls } from '#renderer/server-api/booking-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { HoldKeeper, type HoldState, type HoldWish } from './hold-keeper.ts'
import type { Slot } from './slot-types.ts'

export type Hold = {
  readonly state: HoldState
  /** Call before a booking of that time is written. */
  readonly ready: (wish: HoldWish) => Promise<void>
}

/** An arrow key that runs over the board asks for nothing. */
const SETTLED_MS = 250
/** A refused time is asked for again: whoever keeps it may let go. */
const AGAIN_MS = 5_000

/** Keeps the chosen time free while the panel is open and the server is there. */
export function useHold(
  api: Pick<ServerApi, 'call'>,
  slot: Slot | null,
  typeId: AppointmentTypeId | undefined,
  patientId: PatientId | null,
): Hold {
  const [state, setState] = useState<HoldState>({ kind: 'none' })
  const [asked, askAgain] = useState(0)
  const { held } = useLocalDb()
  const keeper = useMemo(() => new HoldKeeper(createBookingCalls(api), setState, held), [api, held])
  const isBooked = useRef(false)
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const { doctorId, start } = slot ?? {}
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` repeats the question
  useEffect(() => {
    const isWhole = doctorId !== undefined && start !== undefined && typeId !== undefined
    const wish = isOnline && isWhole ? { doctorId, start, typeId, ...(patientId && { patientId }) } : null
    const timer = setTimeout(() => {
      if (!isBooked.current) void keeper.keep(wish)
    }, SETTLED_MS)
    return () => clearTimeout(timer)
  }, [keeper, isOnline, doctorId, start, typeId, patientId, asked])
  useEffect(() => {
    if (state.kind !== 'refused') return
    const timer = setTimeout(() => askAgain((times) => times + 1), AGAIN_MS)
    return () => clearTimeout(timer)
  }, [state])
  useEffect(
    () => () => {
      void keeper.keep(null)
    },
    [keeper],
  )
  return {
    state,
    ready: async (wish) => {
      isBooked.current = true
      await keeper.ready(wish)
      isBooked.current = false
    },
  }
}
