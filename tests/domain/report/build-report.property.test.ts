import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildReport, streamReport } from '#domain/report/build-report.ts'
import { REPORT_DEFINITIONS, type ReportDefinition } from '#domain/report/report-definitions.ts'
import { matchesFilter, type ReportFilter } from '#domain/report/report-filter.ts'
import type { ReportModel, ReportRow } from '#domain/report/report-model.ts'
import type { VisitFact } from '#domain/report/visit-fact.ts'
import { testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'
import { aReportMeta, visitFacts } from '#tests/support/visit-facts.ts'

const filters: fc.Arbitrary<ReportFilter> = fc.record(
  {
    from: fc.constantFrom('2026-01-01', '2026-10-15', '2026-10-20'),
    until: fc.constantFrom('2026-10-22', '2027-12-31'),
    doctorIds: fc.constantFrom([testId('Doctor', 1)], [testId('Doctor', 2), testId('Doctor', 3)]),
    typeIds: fc.constantFrom([testId('AppointmentType', 1)]),
    statuses: fc.constantFrom(['fulfilled', 'noshow'] as const, ['cancelled'] as const).map((list) => [...list]),
  },
  { requiredKeys: ['from', 'until'] },
)

const meta = aReportMeta({
  scheduled: [1, 2, 3, 4].map((n) => ({ doctorId: testId('Doctor', n), doctorName: `Dr ${n}`, minutes: 480 * n })),
  activity: [
    { day: '2026-10-15', booked: 3, moved: 1, cancelled: 0 },
    { day: '2026-10-14', booked: 2, moved: 0, cancelled: 5 },
  ],
})

const built = (definition: ReportDefinition, filter: ReportFilter, facts: readonly VisitFact[]): ReportModel =>
  buildReport(definition, filter, facts, meta)

/** The sum of a column of counts or minutes. */
function columnSum({ columns, rows }: ReportModel, key: string): number {
  const index = columns.findIndex((column) => column.key === key)
  return rows.reduce((sum, row) => sum + Number(row[index] ?? 0), 0)
}

const totalOf = ({ totals }: ReportModel, label: string) => totals.find((total) => total.label === label)?.value

const SUMMED: Partial<Record<ReportDefinition, readonly string[]>> = {
  appointments: ['length'],
  'appointments-by-doctor': ['visits', 'length'],
  'appointments-by-status': ['visits', 'length'],
  'appointments-by-type': ['visits', 'length'],
  utilisation: ['scheduled', 'booked', 'missed'],
  'no-show-by-lead-time': ['visits', 'no-shows'],
  'waiting-time': ['visits'],
  'reminder-effect': ['visits', 'no-shows'],
  activity: ['booked', 'moved', 'cancelled'],
}

test('every total of counts and minutes is the sum of its column', () => {
  fc.assert(
    fc.property(filters, visitFacts, (filter, facts) => {
      for (const [definition, keys] of Object.entries(SUMMED)) {
        const model = built(definition as ReportDefinition, filter, facts)
        for (const key of keys) {
          const total = model.totals.find(({ column }) => column === key)
          expect(total?.value, `${definition} ${key}`).toBe(columnSum(model, key))
        }
      }
    }),
    seeded(),
  )
})

test('the counts by doctor, by status and by type are those of the list', () => {
  fc.assert(
    fc.property(filters, visitFacts, (filter, facts) => {
      const listed = facts.filter((fact) => matchesFilter(filter, fact)).length
      const list = built('appointments', filter, facts)
      expect(list.rows).toHaveLength(listed)
      expect(totalOf(list, 'Visits')).toBe(listed)
      for (const by of ['appointments-by-doctor', 'appointments-by-status', 'appointments-by-type'] as const) {
        const model = built(by, filter, facts)
        expect(totalOf(model, 'Visits')).toBe(listed)
        const shares = columnSum(model, 'share')
        expect(shares).toBeCloseTo(listed === 0 ? 0 : 1)
      }
    }),
    seeded(),
  )
})

test('what a report does not count it names: counted and left out make the list', () => {
  const leftOut = ({ notes }: ReportModel) =>
    notes.map((note) => Number(/^Left out: (\d+)/.exec(note)?.[1] ?? 0)).reduce((sum, count) => sum + count, 0)
  fc.assert(
    fc.property(filters, visitFacts, (filter, facts) => {
      const listed = facts.filter((fact) => matchesFilter(filter, fact)).length
      for (const rate of ['no-show-by-lead-time', 'waiting-time', 'reminder-effect'] as const) {
        const model = built(rate, filter, facts)
        expect(Number(totalOf(model, 'Visits')) + leftOut(model), rate).toBe(listed)
      }
    }),
    seeded(),
  )
})

test('the order of the visits changes no aggregate, and rates are shares', () => {
  fc.assert(
    fc.property(filters, visitFacts, (filter, facts) => {
      for (const definition of REPORT_DEFINITIONS.filter((each) => each !== 'appointments')) {
        const model = built(definition, filter, facts)
        expect(built(definition, filter, facts.toReversed())).toEqual(model)
        const percents = model.columns.flatMap(({ kind }, index) => (kind === 'percent' ? [index] : []))
        for (const row of model.rows)
          for (const index of percents) expect(row[index] ?? 0, definition).toBeGreaterThanOrEqual(0)
      }
    }),
    seeded(),
  )
})

test('a streamed report equals the one built in memory', async () => {
  await fc.assert(
    fc.asyncProperty(filters, visitFacts, async (filter, facts) => {
      async function* one() {
        yield* facts
      }
      for (const definition of REPORT_DEFINITIONS) {
        const streamed = streamReport(definition, filter, one(), meta)
        const rows: ReportRow[] = []
        for await (const row of streamed.rows) rows.push(row)
        const { rows: _rows, ...tail } = streamed.tail() as ReportModel
        expect({ ...streamed.head, ...tail, rows }).toEqual(built(definition, filter, facts))
      }
    }),
    seeded(40),
  )
})
