/** The faces of this server for programs of others: what a replica of one's own needs, and FHIR. Made of the server's parts, like everything. */
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { App } from './http/app.ts'
import type { NoteAccess } from './operations/access-audit.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { registerFhirRoutes } from './routes/fhir/fhir-routes.ts'
import { registerSyncSchemaRoutes } from './routes/sync-schema-routes.ts'
import type { Settings } from './settings.ts'

export type OtherSystemsParts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly audit: NoteAccess
  readonly now: () => Instant
  readonly settings: Pick<Settings, 'publicUrl'>
  readonly version: string
}

export async function registerForOtherSystems(app: App, { settings, ...parts }: OtherSystemsParts): Promise<void> {
  registerSyncSchemaRoutes(app)
  await registerFhirRoutes(app, { ...parts, publicUrl: settings.publicUrl })
}
