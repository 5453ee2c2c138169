/** The change of a doctor's day while it is put together, and its carrying out by the server. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  CALL_OFF,
  type DayChoice,
  type DayVisit,
  LEAVE,
  moveOnSameDay,
  type PlannedChange,
  planDay,
} from '#domain/appointment/day-plan.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import { type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { useUndoVisits } from '#renderer/clinic/use-undo-visits.ts'
import { createAvailabilityApi } from '#renderer/server-api/availability-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'

export type DayChange = {
  readonly plan: readonly PlannedChange[]
  /** Why the server left a visit as it is, by its id. */
  readonly refusals: ReadonlyMap<AppointmentId, string>
  readonly choose: (id: AppointmentId, choice: DayChoice) => void
  readonly chooseAll: (how: 'call-off' | 'move' | 'leave') => void
  /** @returns whether anything was changed */
  readonly carryOut: (reason: string, isMessaged: boolean) => Promise<boolean>
}

type Where = { readonly doctorId: DoctorId; readonly day: LocalDay }

export function useDayChange(
  api: Pick<ServerApi, 'call'>,
  clinic: Clinic,
  { doctorId, day }: Where,
  visits: readonly DayVisit[],
): DayChange {
  const { t } = useTranslation()
  const failure = useFailure()
  const undoVisits = useUndoVisits(api)
  const [choices, setChoices] = useState<ReadonlyMap<AppointmentId, DayChoice>>(new Map())
  const [refusals, setRefusals] = useState<ReadonlyMap<AppointmentId, string>>(new Map())
  const plan = planDay(visits, choices)
  const isSameDay = (a: number, b: number): boolean => localDayOf(a, clinic.zone) === localDayOf(b, clinic.zone)
  return {
    plan,
    refusals,
    choose: (id, choice) => setChoices((before) => new Map(before).set(id, choice)),
    chooseAll: (how) =>
      setChoices(
        how === 'move'
          ? moveOnSameDay(visits, isSameDay)
          : new Map(visits.map(({ visit }) => [visit.id, how === 'leave' ? LEAVE : CALL_OFF])),
      ),
    carryOut: async (reason, isMessaged) => {
      const asked = plan.flatMap(({ visit, choice }) => {
        if (choice === LEAVE) return []
        const to = choice === CALL_OFF ? null : { start: choice.start, doctorId: choice.doctorId }
        return [{ appointmentId: visit.id, to }]
      })
      if (asked.length === 0) return false
      const answer = await createAvailabilityApi(api).changeDay(doctorId, { day, reason, isMessaged, visits: asked })
      if (!answer.ok) {
        showProblem(failure(answer))
        return false
      }
      const { outcomes } = answer.value
      setRefusals(
        new Map(outcomes.flatMap(({ appointmentId, code }) => (code === null ? [] : [[appointmentId, code]]))),
      )
      const changed = outcomes.flatMap(({ appointmentId: id, revision }) =>
        revision === null ? [] : [{ id, revision }],
      )
      if (changed.length > 0) {
        showUndo(t('doctor-day.changed', { count: changed.length }), t('undo.button'), () => undoVisits(changed))
      }
      return changed.length > 0
    },
  }
}
