import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Report, ReportType } from '#domain/api/report-api.ts'
import type { ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportModel } from '#domain/report/report-model.ts'
import { toLocal, type Zone } from '#domain/time/clinic-time.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { Platform, SaveResult } from '#renderer/platform/types.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { ReportQuestion } from './local-report.ts'
import { renderInWorker } from './render-in-worker.ts'
import { saveLocalReport } from './save-local-report.ts'
import { saveServerReport } from './save-server-report.ts'
import type { ReportTexts } from './use-report-texts.ts'
import { isOpen, type ServerReports, useServerReports } from './use-server-reports.ts'

export type Maker = 'server' | 'here'

export type Exports = {
  readonly isOnline: boolean
  /** Who makes the next file: without the server it is always this computer. */
  readonly maker: Maker
  readonly setMaker: (maker: Maker) => void
  /** The kind of file that this computer is making. */
  readonly making: ReportType | null
  /** The newest report that the server is making. */
  readonly waiting: Report | undefined
  /** What became of the last one, in words. */
  readonly said: string
  readonly server: ServerReports
  readonly make: (type: ReportType) => Promise<void>
  readonly save: (report: Report) => Promise<void>
}

type Parts = {
  readonly api: ServerApi
  readonly platform: Platform
  readonly texts: ReportTexts
  readonly zone: Zone
  /** What is chosen; undefined while it is no report. */
  readonly question: ReportQuestion | undefined
  /** The same as this computer has it; undefined where it cannot make it. */
  readonly model: ReportModel | undefined
}

/** Everything that turns a report into a file. */
export function useExports({ api, platform, texts, zone, question, model }: Parts): Exports {
  const { t } = useTranslation()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [wanted, setMaker] = useState<Maker>('server')
  const [making, setMaking] = useState<ReportType | null>(null)
  const [said, setSaid] = useState('')
  const fail = (failure: ApiFailure): void => {
    showProblem(failure.kind === 'offline' ? t('reports.no-server') : failure.message)
  }
  const tell = (result: SaveResult, note: string): void => {
    if (result.outcome === 'error') showProblem(t('error.export-failed', { why: result.reason }))
    else if (result.outcome === 'saved') setSaid([t('reports.saved', { name: result.name }), note].join(' ').trim())
    else setSaid(t('reports.not-saved'))
  }
  const save = async (report: Report): Promise<void> => {
    const result = await saveServerReport(report, nameOf(report, texts, zone), { api, platform })
    if (result.outcome === 'failed') fail(result.failure)
    else tell(result, report.note)
  }
  const server = useServerReports(api.reports, { isOnline, onReady: (report) => void save(report), onFailure: fail })
  const maker = isOnline ? wanted : 'here'
  const makeHere = async (type: ReportType): Promise<void> => {
    if (!model || !question) return
    setMaking(type)
    const { note, ...result } = await saveLocalReport(model, question.filter, type, {
      platform,
      texts,
      render: renderInWorker,
    })
    setMaking(null)
    tell(result, note)
  }
  return {
    isOnline,
    maker,
    setMaker,
    making,
    waiting: server.reports?.find(isOpen),
    said,
    server,
    make: async (type) => {
      setSaid('')
      if (maker === 'here') return makeHere(type)
      if (question) await server.ask({ ...question, type })
    },
    save,
  }
}

/** A report of the server is as of the moment it was finished. */
function nameOf({ definition, filter, type, fileType, finishedAt, createdAt }: Report, texts: ReportTexts, zone: Zone) {
  const { day, time } = toLocal(finishedAt ?? createdAt, zone)
  const title = texts.t(`report.titles.${definition as ReportDefinition}`)
  const { from, until } = filter
  return texts.fileName({ title, from, until, day, time: time.replace(':', '.'), ending: fileType ?? type })
}
