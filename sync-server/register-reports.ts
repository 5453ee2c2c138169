/** Reports: their routes, and the service that makes them where this process has been told to. */
import type { Logger } from 'pino'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { App } from './http/app.ts'
import type { Paging } from './http/paging.ts'
import type { NoteAccess } from './operations/access-audit.ts'
import type { SubjectLoader } from './operations/load-subject.ts'
import type { NewId } from './operations/new-id.ts'
import { createSeal } from './operations/seal.ts'
import { registerReportRoutes } from './routes/report-routes.ts'
import { registerReportScheduleRoutes } from './routes/report-schedule-routes.ts'
import { createReportService, type ReportService, type ReportServiceDeps } from './services/reports/report-service.ts'

/** What the maker of reports needs of its machine. */
export type ReportSettings = Pick<
  ReportServiceDeps,
  'databaseUrl' | 'folder' | 'fontFolder' | 'memoryMegabytes' | 'workerPath' | 'onReady'
>

export type ReportParts = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
  readonly loadSubject: SubjectLoader
  readonly paging: Paging
  readonly linkTo: (path: string) => string
  readonly secretKey: string
  readonly log: Logger
  /** Where reports lie, and how they are made. */
  readonly settings: ReportSettings | undefined
  /** False where another process makes them: then they wait in their table. */
  readonly isMaking: boolean
}

/** @returns the service, when this process makes reports; it begins when the app listens and ends with it */
export function registerReports(app: App, parts: ReportParts): ReportService | undefined {
  const { settings, isMaking } = parts
  const service = settings && isMaking ? createReportService({ ...parts, ...settings }) : undefined
  const deps = {
    ...parts,
    seal: createSeal(parts.secretKey, 'report-link'),
    folder: settings?.folder ?? '',
    kick: () => service?.kick(),
    stop: (id: Parameters<ReportService['stop']>[0]) => service?.stop(id),
  }
  registerReportRoutes(app, deps)
  registerReportScheduleRoutes(app, parts)
  if (!service) return undefined
  app.addHook('onListen', async () => service.start())
  app.addHook('onClose', () => service.close())
  return service
}
