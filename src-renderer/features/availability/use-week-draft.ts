import { useMemo, useState } from 'react'
import type { DoctorId } from '#domain/ids.ts'
import { isSameWeek, planOf, type WeekPlan } from '#domain/schedule/week-plan.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { templatesOfDoctor } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

export type WeekDraft = {
  readonly isReady: boolean
  readonly plan: WeekPlan
  readonly isChanged: boolean
  /** The first day after `from` on which other weekly hours begin; null when these go on. */
  readonly changesOn: LocalDay | null
  readonly set: (plan: WeekPlan) => void
  readonly reset: () => void
}

const NONE: readonly never[] = []

/** The weekly hours in force on a day, and what has been painted over them and not been saved. */
export function useWeekDraft(doctorId: DoctorId, from: LocalDay): WeekDraft {
  const { database } = useLocalDb()
  const found = useRxQuery(useMemo(() => templatesOfDoctor(database, doctorId), [database, doctorId]))
  const templates = found ?? NONE
  const stored = useMemo(
    () =>
      planOf(
        templates.filter(
          ({ validFrom, validUntil }) => validFrom <= from && (validUntil === null || from <= validUntil),
        ),
      ),
    [templates, from],
  )
  const [draft, setDraft] = useState<WeekPlan | null>(null)
  const plan = draft ?? stored
  const edges = templates.flatMap(({ validFrom, validUntil }) => [
    validFrom,
    ...(validUntil === null ? [] : [addDays(validUntil, 1)]),
  ])
  return {
    isReady: found !== undefined,
    plan,
    isChanged: draft !== null && !isSameWeek(draft, stored),
    changesOn: edges.filter((day) => day > from).sort()[0] ?? null,
    set: setDraft,
    reset: () => setDraft(null),
  }
}
