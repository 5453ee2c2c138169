import { useCallback, useEffect, useState } from 'react'
import type { CreateReportScheduleBody, EditReportScheduleBody, ReportSchedule } from '#domain/api/report-api.ts'
import type { UserId } from '#domain/ids.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import type { ReportCalls } from '#renderer/server-api/report-calls.ts'

export type Person = { readonly id: UserId; readonly name: string }

export type Schedules = {
  /** Undefined before the server has answered. */
  readonly schedules: readonly ReportSchedule[] | undefined
  /** Who may be sent a report, as far as this person may know them. */
  readonly people: readonly Person[]
  /** Each answers whether the server took it. */
  readonly add: (body: CreateReportScheduleBody) => Promise<boolean>
  readonly edit: (seen: ReportSchedule, body: EditReportScheduleBody) => Promise<boolean>
  readonly remove: (schedule: ReportSchedule) => Promise<boolean>
}

type Options = {
  readonly isOnline: boolean
  readonly self: Person
  readonly maySeePeople: boolean
  readonly onFailure: (failure: ApiFailure) => void
}

/** Reports that are made again and again, as the server has them. */
export function useSchedules(api: ReportCalls, { isOnline, self, maySeePeople, onFailure }: Options): Schedules {
  const [schedules, setSchedules] = useState<readonly ReportSchedule[]>()
  const [others, setOthers] = useState<readonly Person[]>([])
  const load = useCallback(async () => {
    const answer = await api.listSchedules()
    if (answer.ok) setSchedules(answer.value)
  }, [api])
  useEffect(() => {
    if (isOnline) void load()
  }, [isOnline, load])
  useEffect(() => {
    if (!isOnline || !maySeePeople) return
    void api.listPeople().then((answer) => answer.ok && setOthers(answer.value))
  }, [isOnline, maySeePeople, api])

  const after = async (answer: ApiResult<unknown>): Promise<boolean> => {
    if (!answer.ok) onFailure(answer)
    // Refused or not, what the server has is what is to be seen.
    await load()
    return answer.ok
  }
  return {
    schedules,
    people: others.some(({ id }) => id === self.id) ? others : [self, ...others],
    add: async (body) => after(await api.addSchedule(body)),
    edit: async (seen, body) => {
      const answer = await api.editSchedule(seen, body)
      // What is done next rests on this version, whether or not the whole list is here yet.
      if (answer.ok) setSchedules((rows) => rows?.map((row) => (row.id === seen.id ? answer.value : row)))
      return after(answer)
    },
    remove: async ({ id }) => after(await api.deleteSchedule(id)),
  }
}
