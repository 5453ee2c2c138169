import type { Logger } from 'pino'
import type { App } from './http/app.ts'
import { createImportJobs, type ImportDeps, type ImportJobs } from './operations/import-jobs.ts'
import { registerImportRoutes } from './routes/import-routes.ts'

/** Files of past visits; runs end with the server. */
export async function registerImports(
  app: App,
  { log, ...deps }: Omit<ImportDeps, 'onError'> & { readonly log: Logger },
): Promise<ImportJobs> {
  const jobs = createImportJobs({ ...deps, onError: (error) => log.error({ err: error }, 'an import failed') })
  await registerImportRoutes(app, jobs)
  return jobs
}
