/** From the moment the server listens until it closes, the clinics' windows of replicated days follow their calendars. */
import type { Logger } from 'pino'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { App } from './http/app.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { followWindow } from './operations/follow-window.ts'
import { listClinics } from './repositories/clinic-rows.ts'
import { keepWindows, type WindowKeeper } from './sync/keep-windows.ts'

export type CalendarParts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly log: Pick<Logger, 'info' | 'error'>
}

export function followCalendars(app: App, { database, writer, now, log }: CalendarParts): void {
  let keeper: WindowKeeper | undefined
  app.addHook('onListen', async () => {
    keeper = keepWindows({
      listClinics: () => database.read(listClinics),
      follow: (clinic, signal) => followWindow({ database, writer, now }, clinic, signal),
      now,
      log,
    })
  })
  app.addHook('onClose', async () => keeper?.stop())
}
