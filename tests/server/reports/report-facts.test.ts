/** Every report of a clinic with some thousand visits, beside a count of the same rows that uses none of its code. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { vitoriaNoShow } from '#domain/import/vitoria-no-show.ts'
import { REPORT_DEFINITIONS, type ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportFilter } from '#domain/report/report-filter.ts'
import type { ReportModel, ReportRow } from '#domain/report/report-model.ts'
import { minutes } from '#domain/time/instant.ts'
import { readRows } from '#server/import/read-rows.ts'
import { importHistory } from '#server/operations/import-history.ts'
import { openReportOf } from '#server/operations/reports/open-report.ts'
import { toRow } from '#server/repositories/document-rows.ts'
import { apply, book, placed, type WireAppointment } from '#tests/support/bookings.ts'
import { anAppointment, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_CLINIC_ID, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { testRandom } from '#tests/support/seeded.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const EVER: ReportFilter = { from: '2000-01-01', until: '2099-12-31' }
const OCTOBER: ReportFilter = { from: '2026-10-01', until: '2026-12-31' }

async function modelOf(
  { database, clock }: Fixture,
  subject: Subject,
  definition: ReportDefinition,
  filter: ReportFilter = OCTOBER,
): Promise<ReportModel> {
  return database.read(async (tx) => {
    const { report } = await openReportOf(tx, { definition, filter, subject, asOf: clock.now })
    const rows: ReportRow[] = []
    for await (const row of report.rows) rows.push(row)
    return { ...report.head, ...report.tail(), rows }
  })
}

const totalOf = ({ totals }: ReportModel, label: string) => totals.find((total) => total.label === label)?.value

describe.each(engines)('reports on %s', (engine) => {
  let fixture: Fixture
  let admin: Subject
  let doctor: Subject

  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    admin = subjectOf(fixture.clinic, 'admin')
    const own = subjectOf(fixture.clinic, 'doctor')
    doctor = { ...own, grants: [...own.grants, { permission: 'view-reports', scope: 'own-doctor' }] }
    await addRandomVisits(fixture, 5_000)
  })
  afterAll(() => fixture.close())

  const stored = () =>
    fixture.database.read((tx) =>
      tx
        .selectFrom('appointments')
        .selectAll()
        .where('is_deleted', '=', 0)
        .where('local_day', '>=', '2026-10-01')
        .execute(),
    )

  test('the list and the counts by doctor, status and type are the rows of the table', async () => {
    const rows = await stored()
    expect(rows.length).toBeGreaterThan(4_000)
    const list = await modelOf(fixture, admin, 'appointments')
    expect(list.rows).toHaveLength(rows.length)
    const keys = list.rows.map(([day, start]) => `${day} ${start}`)
    // By instant: the hour that clocks repeat on 25 October comes twice.
    const inOrder = rows.toSorted((a, b) => a.start_at - b.start_at || (a.id < b.id ? -1 : 1))
    expect(keys).toEqual(inOrder.map(({ local_day, local_start }) => `${local_day} ${local_start}`))
    for (const by of ['appointments-by-doctor', 'appointments-by-status', 'appointments-by-type'] as const) {
      const model = await modelOf(fixture, admin, by)
      expect(model.rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(rows.length)
      expect(totalOf(model, 'Visits')).toBe(rows.length)
    }
  })

  test('a filter narrows as it says', async () => {
    const rows = await stored()
    const doctorIds = [testId<'Doctor'>('Doctor', 2)]
    const filter = { ...OCTOBER, doctorIds, statuses: ['noshow' as const, 'fulfilled' as const], until: '2026-11-10' }
    const model = await modelOf(fixture, admin, 'appointments', filter)
    const expected = rows.filter(
      (row) =>
        row.doctor_id === doctorIds[0] && ['noshow', 'fulfilled'].includes(row.status) && row.local_day <= '2026-11-10',
    )
    expect(model.rows).toHaveLength(expected.length)
    expect(model.filter).toContain('Doctors: Dr Number 2')
  })

  test('the no-show rate is that of the rows whose outcome is known', async () => {
    const rows = await stored()
    const known = rows.filter(({ status }) => ['arrived', 'fulfilled', 'noshow'].includes(status))
    for (const rate of ['no-show-by-lead-time', 'reminder-effect'] as const) {
      const model = await modelOf(fixture, admin, rate)
      expect(totalOf(model, 'Visits')).toBe(known.length)
      expect(totalOf(model, 'No-shows')).toBe(known.filter(({ status }) => status === 'noshow').length)
    }
  })

  test('waiting counts the visits that have both marks', async () => {
    const rows = await stored()
    const waited = rows.filter(({ arrived_at, started_at }) => arrived_at !== null && started_at !== null)
    expect(waited.length).toBeGreaterThan(100)
    expect(totalOf(await modelOf(fixture, admin, 'waiting-time'), 'Visits')).toBe(waited.length)
  })

  test('hours are those of the templates: three doctors, eight hours on each of thirty days', async () => {
    const filter = { from: '2026-11-01', until: '2026-11-30' }
    const model = await modelOf(fixture, admin, 'utilisation', filter)
    expect(totalOf(model, 'Working hours')).toBe(3 * 8 * 60 * 30)
    const booked = (await stored()).filter(
      ({ local_day, status }) =>
        local_day >= filter.from &&
        local_day <= filter.until &&
        ['pending', 'confirmed', 'arrived', 'fulfilled', 'noshow'].includes(status),
    )
    const sessions = new Map(
      booked.map((row) => [`${row.doctor_id} ${row.type_id} ${row.start_at} ${row.end_at}`, row]),
    )
    const spent = [...sessions.values()].reduce((sum, row) => sum + (row.end_at - row.start_at) / 60_000, 0)
    expect(totalOf(model, 'Booked time')).toBe(spent)
  })

  test('the third free time is told for every doctor and type they offer', async () => {
    const model = await modelOf(fixture, admin, 'third-next-available')
    expect(model.rows.map(([name, type]) => `${name} ${type}`)).toHaveLength(7)
    expect(model.rows.every((row) => typeof row[4] === 'number')).toBe(true)
  })

  test('a doctor with the right for their own rows counts their own and is told so', async () => {
    const own = (await stored()).filter(
      ({ doctor_id, patient_id }) => doctor_id === testId('Doctor', 1) && !doctor.patientIds.includes(patient_id),
    )
    for (const definition of ['appointments', 'appointments-by-doctor'] as const) {
      const model = await modelOf(fixture, doctor, definition)
      expect(totalOf(model, 'Visits')).toBe(own.length)
      expect(JSON.stringify(model.rows)).not.toMatch(/Dr Number [23]/)
      expect(model.notes).toContain('Only the visits you may see are counted.')
    }
    const utilisation = await modelOf(fixture, doctor, 'utilisation')
    expect(utilisation.rows.map(([name]) => name)).toEqual(['Dr Number 1'])
  })

  test('a doctor who is a patient here does not see their own visit by the right of a doctor', async () => {
    const patientIds = [testId<'Patient'>('Patient', 3)]
    const mine = (await stored()).filter(({ doctor_id }) => doctor_id === testId('Doctor', 1))
    const others = mine.filter(({ patient_id }) => patient_id !== patientIds[0])
    expect(others.length).toBeLessThan(mine.length)
    const model = await modelOf(fixture, { ...doctor, patientIds }, 'appointments')
    expect(model.rows).toHaveLength(others.length)
  })

  test('without the right to reports, or to appointments, nothing is counted', async () => {
    for (const kept of ['view-reports', 'view-appointments'] as const) {
      const grants = admin.grants.filter(({ permission }) => permission === kept)
      expect((await modelOf(fixture, { ...admin, grants }, 'appointments')).rows).toEqual([])
    }
  })

  test('no report of another clinic counts a row of this one', async () => {
    const { database } = fixture
    const clinicId = testId<'Clinic'>('Clinic', 77)
    await database.write((tx) =>
      tx
        .insertInto('clinics')
        .values({ id: clinicId, name: 'Elsewhere', zone: 'Europe/Paris', policies: '{}', created_at: 0 })
        .execute(),
    )
    for (const definition of REPORT_DEFINITIONS) {
      const model = await modelOf(fixture, { ...admin, clinicId }, definition)
      expect(
        model.totals.every(({ value }) => !value),
        definition,
      ).toBe(true)
    }
  })
})

describe.each(engines)('what was done to visits, on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  test('bookings, moves and cancellations are counted on the day they were done', async () => {
    const visits: WireAppointment[] = []
    for (let hour = 0; hour < 4; hour += 1) {
      const patientId = testId<'Patient'>('Patient', 2 + hour)
      visits.push(placed(await book(fixture, { start: NINE_O_CLOCK + minutes(60 * hour), patientId })))
    }
    fixture.clock.now += minutes(60 * 24)
    const change = async (index: number, part: Partial<WireAppointment>) => {
      const before = visits[index] ?? (visits[0] as WireAppointment)
      placed(await apply(fixture, { ...before, ...part }))
    }
    const later = NINE_O_CLOCK + minutes(60 * 30)
    await change(0, { start: later, end: later + minutes(15) })
    await change(1, { status: 'cancelled', cancelReason: 'ill' })
    await change(2, { note: 'an edit counts as nothing' })
    const admin = subjectOf(fixture.clinic, 'admin')
    const model = await modelOf(fixture, admin, 'activity', { from: '2026-10-12', until: '2026-10-15' })
    expect(model.rows).toEqual([
      ['2026-10-12', 0, 0, 0],
      ['2026-10-13', 4, 0, 0],
      ['2026-10-14', 0, 1, 1],
      ['2026-10-15', 0, 0, 0],
    ])
    expect(model.totals.map(({ value }) => value)).toEqual([4, 1, 1])
  })
})

const sample = process.env.IMPORT_SAMPLE
describe.skipIf(!sample)('the real file named by IMPORT_SAMPLE', () => {
  test('gives its own count of visits and its own share of no-shows', async () => {
    const bytes = readFileSync(sample ?? '')
    const lines = bytes.toString('utf8').trim().split(/\r?\n/).slice(1)
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
    const fixture = await aFixtureClinic('sqlite')
    try {
      const { rows } = readRows(bytes, vitoriaNoShow.columns)
      const plan = vitoriaNoShow.plan(rows, { clinicId: FIXTURE_CLINIC_ID, hash })
      await importHistory(
        { database: fixture.database, writer: fixture.writer, now: () => fixture.clock.now },
        { plan },
      )
      const admin = subjectOf(fixture.clinic, 'admin')
      const list = await modelOf(fixture, admin, 'appointments', EVER)
      const rate = await modelOf(fixture, admin, 'no-show-by-lead-time', EVER)
      expect(list.rows).toHaveLength(lines.length)
      const noShows = lines.filter((line) => /,Yes\s*$/i.test(line)).length
      expect([totalOf(rate, 'No-shows'), totalOf(rate, 'Visits')]).toEqual([noShows, list.rows.length])
    } finally {
      await fixture.close()
    }
  })
})

/** Written past the rules: a report counts whatever is there. */
async function addRandomVisits({ database, clinic }: Fixture, count: number): Promise<void> {
  const random = testRandom()
  const { pick } = random
  const types = Object.values(clinic.types)
  const rows = Array.from({ length: count }, (_, index) => {
    const start = NINE_O_CLOCK + minutes(15 * random.between(-20 * 96, 70 * 96))
    const status = pick(APPOINTMENT_STATUSES)
    const arrivedAt = random.between(0, 1) === 1 ? start - minutes(random.between(0, 20)) : null
    const document = anAppointment({
      id: testId('Appointment', index + 1),
      doctorId: pick(clinic.doctors).id,
      patientId: pick(clinic.patients).id,
      typeId: pick(types).id,
      start,
      end: start + minutes(15 * random.between(1, 4)),
      status,
      createdAt: start - minutes(60 * random.between(0, 24 * 60)),
      arrivedAt,
      startedAt: arrivedAt !== null && random.between(0, 2) > 0 ? start + minutes(random.between(0, 40)) : null,
      ...(status === 'unplaced' && { unplaced: { reason: 'slot-taken', at: start, takenBy: '', takenAt: null } }),
    })
    return toRow('appointments', { ...document, _deleted: false }, start)
  })
  for (let at = 0; at < rows.length; at += 250) {
    await database.write((tx) =>
      tx
        .insertInto('appointments')
        .values(rows.slice(at, at + 250))
        .execute(),
    )
  }
}
