/** One of the services behind the API as a process of its own: the parts it needs, and nothing that listens to the network. */

import { closeInOrder } from './build-server.ts'
import { createDailyWork } from './daily-work.ts'
import type { Consumer } from './events/event-bus.ts'
import { createPeopleServices, type SmsGateway } from './notification-parts.ts'
import type { Mailer } from './operations/mailer.ts'
import type { ReportSettings } from './register-reports.ts'
import { type CoreOptions, createCore } from './server-core.ts'
import { createReportService } from './services/reports/report-service.ts'
import type { Role } from './settings.ts'

export type ServiceRole = Exclude<Role, 'all' | 'api'>

export type ServiceOptions = CoreOptions & {
  readonly role: ServiceRole
  readonly publicUrl: string
  readonly secretKey: string
  readonly mailer: Mailer
  readonly mailFrom: string
  readonly sms: SmsGateway | null
  readonly reports: ReportSettings
}

export type Service = {
  readonly bus: ReturnType<typeof createCore>['events']['bus']
  /** Ends what is in hand, then the database. */
  close(): Promise<void>
}

type Part = { readonly consumer: Consumer; start(): void; close(): Promise<void> }

export async function buildService(options: ServiceOptions): Promise<Service> {
  const core = createCore(options)
  const { events, writer } = core
  const { part, others } = partOf(options, core)
  await events.start([part.consumer])
  part.start()
  return {
    bus: events.bus,
    close: () => closeInOrder([part, ...others, writer, core, events, options.database]),
  }
}

function partOf(options: ServiceOptions, core: ReturnType<typeof createCore>): { part: Part; others: Closable[] } {
  const { role, database, log, publicUrl, secretKey } = options
  const { now, newId, writer, audit, loadSubject, events } = core
  if (role === 'reports') {
    return {
      part: createReportService({ ...options.reports, database, now, newId, audit, loadSubject, log }),
      others: [],
    }
  }
  const linkTo = (path: string) => `${publicUrl}${path}`
  const parts = { ...options, now, newId, writer, bus: events.bus, linkTo, isPublic: true }
  const { notifications, scheduler } = createPeopleServices(parts)
  if (role === 'notifications') return { part: notifications, others: [] }
  const housekeeping = createDailyWork({ database, writer, now, newId, log, secretKey })
  housekeeping.start()
  return { part: scheduler, others: [housekeeping] }
}

type Closable = { close(): PromiseLike<unknown> }
