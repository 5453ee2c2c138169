import { useCallback, useEffect, useRef, useState } from 'react'
import type { Report, RequestReportBody } from '#domain/api/report-api.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import type { ReportCalls } from '#renderer/server-api/report-calls.ts'

const POLL_MS = 1_000
const IDLE_POLL_MS = 30_000

export const isOpen = ({ status }: Pick<Report, 'status'>): boolean => status === 'queued' || status === 'running'

export type ServerReports = {
  /** The person's own, newest first; undefined before the server has answered. */
  readonly reports: readonly Report[] | undefined
  readonly ask: (body: RequestReportBody) => Promise<void>
  readonly cancel: (id: Report['id']) => Promise<void>
  readonly retry: (id: Report['id']) => Promise<void>
}

type Hooks = {
  readonly isOnline: boolean
  /** A report that was asked for here is there. */
  readonly onReady: (report: Report) => void
  readonly onFailure: (failure: ApiFailure) => void
}

/** The person's reports on the server, followed while one of them is being made. */
export function useServerReports(api: ReportCalls, hooks: Hooks): ServerReports {
  const { isOnline } = hooks
  const [reports, setReports] = useState<readonly Report[]>()
  const latest = useRef(hooks)
  latest.current = hooks
  /** Asked for on this screen: saved as soon as they are there. */
  const wanted = useRef(new Set<string>())
  const load = useCallback(async () => {
    const answer = await api.list()
    if (!answer.ok) return
    setReports(answer.value)
    for (const report of answer.value) {
      if (!isOpen(report) && wanted.current.delete(report.id) && report.status === 'done')
        latest.current.onReady(report)
    }
  }, [api])
  const isBusy = reports?.some(isOpen) ?? false
  useEffect(() => {
    if (!isOnline) return
    void load()
    const timer = setInterval(() => void load(), isBusy ? POLL_MS : IDLE_POLL_MS)
    return () => clearInterval(timer)
  }, [isOnline, isBusy, load])

  const after = async (answer: ApiResult<Report>, isWanted: boolean): Promise<void> => {
    if (!answer.ok) return latest.current.onFailure(answer)
    if (isWanted) wanted.current.add(answer.value.id)
    await load()
  }
  return {
    reports,
    ask: async (body) => after(await api.request(body), true),
    cancel: async (id) => after(await api.cancel(id), false),
    retry: async (id) => after(await api.retry(id), true),
  }
}
