/** How late doctors say they run today, and what can be done about it: say so, take it back, tell their patients. */
import { useCallback, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DelayView } from '#domain/api/delay-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import { raisedDelay } from '#domain/schedule/doctor-delay.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { useDelays, useLocalDb, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { createDelayCalls } from '#renderer/server-api/delay-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import type { Clinic } from './use-clinic.ts'
import { useFailure } from './use-failure.ts'

/** Minutes by doctor; 0 for who says nothing, and on any day but the server's today. */
export function useLateOf(day: LocalDay): (doctorId: DoctorId) => number {
  const delays = useDelays()
  return useMemo(() => {
    const minutes = new Map(delays.filter((delay) => delay.day === day).map((delay) => [delay.doctorId, delay.minutes]))
    return (doctorId) => minutes.get(doctorId) ?? 0
  }, [delays, day])
}

export type Lateness = {
  /** What stands today; undefined for who has said nothing. */
  readonly of: (doctorId: DoctorId) => DelayView | undefined
  /** One step later than what was said last, whether or not the server has answered that. */
  readonly raise: (doctorId: DoctorId) => Promise<void>
  /** Says it to every desk, and offers to take it back. Without the server nobody would hear: then it says that instead. */
  readonly say: (doctorId: DoctorId, minutes: number) => Promise<void>
  /** Tells the patients still to come who have not been told the figure; for ten seconds it can be taken back. */
  readonly tell: (doctorId: DoctorId, minutes: number) => Promise<void>
}

export function useLateness(clinic: Clinic, api: Pick<ServerApi, 'call'>, today: LocalDay): Lateness {
  const { t } = useTranslation()
  const { delays } = useLocalDb()
  const stated = useDelays()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const calls = useMemo(() => createDelayCalls(api), [api])
  const failure = useFailure()
  const of = useCallback(
    (doctorId: DoctorId) => stated.find((delay) => delay.doctorId === doctorId && delay.day === today),
    [stated, today],
  )
  const asked = useRef(new Map<DoctorId, number>())
  const sending = useRef<Promise<unknown>>(Promise.resolve())
  return useMemo(() => {
    const standing = (id: DoctorId): number => asked.current.get(id) ?? of(id)?.minutes ?? 0
    const nameOf = (id: DoctorId): string => clinic.doctorOf(id)?.name ?? ''
    const explain = (problem: ApiFailure): void => showProblem(isAway(problem) ? t('late.offline') : failure(problem))
    const put = async (doctorId: DoctorId, minutes: number): Promise<boolean> => {
      asked.current.set(doctorId, minutes)
      // One after the other: of two words the later one stands.
      const answered = sending.current.then(() => (isOnline ? calls.say(doctorId, minutes) : AWAY))
      sending.current = answered
      const answer = await answered
      if (answer.ok) delays.take(answer.value.delay)
      else explain(answer)
      if (asked.current.get(doctorId) === minutes) asked.current.delete(doctorId)
      return answer.ok
    }
    const say = async (doctorId: DoctorId, minutes: number): Promise<void> => {
      const before = standing(doctorId)
      if (before === minutes || !(await put(doctorId, minutes))) return
      const words = { name: nameOf(doctorId), minutes }
      const message = minutes === 0 ? t('late.cleared', words) : t('late.said', words)
      showUndo(message, t('undo.button'), () => void put(doctorId, before))
    }
    return {
      of,
      say,
      raise: (doctorId) => say(doctorId, raisedDelay(standing(doctorId))),
      tell: async (doctorId, minutes) => {
        const answer = isOnline ? await calls.tell(doctorId, minutes) : AWAY
        if (!answer.ok) return explain(answer)
        const { batchId, count: number } = answer.value
        if (number === 0) return showProblem(t('late.nobody'))
        const takeBack = async (): Promise<void> => {
          const undone = await calls.takeBack(doctorId, batchId)
          if (!undone.ok) showProblem(isAway(undone) ? t('late.offline') : t('late.too-late'))
        }
        const message = t('late.telling', { name: nameOf(doctorId), minutes, number })
        showUndo(message, t('undo.button'), takeBack, t('late.leaves-soon'))
      },
    }
  }, [clinic, calls, delays, of, isOnline, failure, t])
}

const AWAY: ApiFailure = { ok: false, kind: 'offline', reason: 'server-unreachable' }
const isAway = ({ kind }: ApiFailure): boolean => kind === 'offline'
