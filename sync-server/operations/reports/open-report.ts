import type { Subject } from '#domain/access/can.ts'
import { streamReport } from '#domain/report/build-report.ts'
import { isMadeOfVisits, type ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportFilter } from '#domain/report/report-filter.ts'
import type { ReportMeta, StreamedReport } from '#domain/report/report-model.ts'
import type { VisitFact } from '#domain/report/visit-fact.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import {
  countVisitsByDay,
  listReportNames,
  type NamedRow,
  streamVisitFacts,
} from '#server/repositories/report-facts.ts'
import { activityByDay, scheduledMinutes, thirdNextTimes } from './report-sources.ts'
import { reportText } from './report-texts.ts'

export type ReportQuestion = {
  readonly definition: ReportDefinition
  readonly filter: ReportFilter
  /** Whose eyes it is made for. */
  readonly subject: Subject
  readonly asOf: Instant
}

export type OpenedReport = {
  readonly report: StreamedReport
  /** Visits that will be read. */
  readonly visits: number
  /** Rows the report has at most, as far as that is known before it is made. */
  readonly rows: number
}

/**
 * A report as the subject may see it, its rows still to be read: within the same transaction, so that all of it is of one moment.
 * @param onVisit called with each visit before its row is there
 */
export async function openReportOf(
  tx: Tx,
  { definition, filter, subject, asOf }: ReportQuestion,
  onVisit: (fact: VisitFact) => void = () => undefined,
): Promise<OpenedReport> {
  const { name: clinicName, zone } = await getClinic(tx, subject.clinicId)
  const names = await listReportNames(tx, subject.clinicId)
  const meta: ReportMeta = {
    t: reportText,
    clinicName,
    zone,
    asOf,
    names: { doctors: byId(names.doctors), types: byId(names.types), rooms: byId(names.rooms) },
    notes: seesClinic(subject) ? [] : [reportText('report.notes.own-visits')],
    ...(definition === 'utilisation' && { scheduled: await scheduledMinutes(tx, subject, filter) }),
    ...(definition === 'third-next-available' && {
      availability: await thirdNextTimes(tx, subject, filter, { now: asOf, zone }),
    }),
    ...(definition === 'activity' && { activity: await activityByDay(tx, subject, filter, zone) }),
  }
  const days = isMadeOfVisits(definition) ? await countVisitsByDay(tx, subject, filter) : []
  const visits = days.reduce((sum, day) => sum + day.visits, 0)
  const facts = told(streamVisitFacts(tx, subject, filter, days), onVisit)
  return {
    report: streamReport(definition, filter, facts, meta),
    visits,
    rows: definition === 'appointments' ? visits : 0,
  }
}

async function* told(facts: AsyncIterable<VisitFact>, onVisit: (fact: VisitFact) => void): AsyncGenerator<VisitFact> {
  for await (const fact of facts) {
    onVisit(fact)
    yield fact
  }
}

const byId = (rows: readonly NamedRow[]): ReadonlyMap<string, string> => new Map(rows.map(({ id, name }) => [id, name]))

const seesClinic = ({ grants }: Subject): boolean =>
  (['view-reports', 'view-appointments'] as const).every((permission) =>
    grants.some((grant) => grant.permission === permission && grant.scope === 'clinic'),
  )
