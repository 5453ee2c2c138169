import { useCallback, useEffect, useRef, useState } from 'react'
import type { HoldBody, HoldView } from '#domain/api/hold-api.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PatientApi } from '#renderer/server-api/patient-api.ts'

const SECOND_MS = 1_000

export type Held = {
  readonly hold: HoldView | null
  readonly secondsLeft: number
  readonly problem: ApiFailure | null
  /** Keeps the time again after it has run out. */
  readonly again: () => void
  /** The booking has used it up; nothing is left to give back. */
  readonly use: () => void
}

/** Keeps a time free while the last step is on the screen, and gives it back when it is left unused. */
export function useHold(api: Pick<PatientApi, 'hold' | 'releaseHold'>, body: HoldBody, now: Desk['now']): Held {
  const [hold, setHold] = useState<HoldView | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const [secondsLeft, setSecondsLeft] = useState(0)
  const [round, setRound] = useState(0)
  const isUsed = useRef(false)
  const { doctorId, typeId, patientId, start } = body
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again, and the fields stand for the body
  useEffect(() => {
    let isHere = true
    let id: string | undefined
    void api.hold(body).then((answer) => {
      if (!answer.ok) {
        if (isHere) setProblem(answer)
        return
      }
      id = answer.value.hold.id
      if (!isHere) return void api.releaseHold(id)
      setProblem(null)
      setHold(answer.value.hold)
    })
    return () => {
      isHere = false
      if (id !== undefined && !isUsed.current) void api.releaseHold(id)
    }
  }, [api, doctorId, typeId, patientId, start, round])
  useEffect(() => {
    if (!hold) return
    const tick = (): void => setSecondsLeft(Math.max(0, Math.ceil((hold.expiresAt - now()) / SECOND_MS)))
    tick()
    const timer = setInterval(tick, SECOND_MS)
    return () => clearInterval(timer)
  }, [hold, now])
  return {
    hold,
    secondsLeft,
    problem,
    again: useCallback(() => setRound((count) => count + 1), []),
    use: useCallback(() => {
      isUsed.current = true
    }, []),
  }
}
