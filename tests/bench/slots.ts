/**
 * Free slots of twelve doctors over thirty days, half of whose time is taken, as the server works them out for one question:
 * reading hours and visits included, HTTP left out. Budget 10 ms; and how that grows with the days asked for, and with ten times
 * the appointments in the table, most of them outside the days asked for.
 */
import type { DoctorId } from '#domain/ids.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { searchSlots } from '#server/operations/search-slots.ts'
import { askerToBook, openScope } from '#server/operations/slot-scope.ts'
import { toRow } from '#server/repositories/document-rows.ts'
import { at } from '#tests/support/bookings.ts'
import { aDoctor, anAppointment, aScheduleTemplate, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { type Bench, type BenchRow, medianMs } from './bench-row.ts'

const DOCTORS = 12
const DAYS = 30
const VISITS_PER_DAY = 16
const FIRST_DAY = '2026-10-14'
const BUDGET_MS = 10
const ROWS_AT_ONCE = 250

export const slots: Bench = async (engine) => {
  const fixture = await aFixtureClinic(engine)
  try {
    await addDoctors(fixture)
    await addVisits(fixture, 0, DAYS)
    const month = await measure(fixture, DAYS)
    const count = DOCTORS * DAYS * VISITS_PER_DAY
    const row = rowOf(engine, `${DOCTORS} doctors × ${DAYS} days, ${count} visits`, month, { budget: BUDGET_MS })
    const fortnight = await measure(fixture, DAYS / 2)
    await addVisits(fixture, DAYS, DAYS * 10)
    const grown = await measure(fixture, DAYS)
    return [
      row,
      rowOf(engine, `the same by half the days (linear is 2)`, month, {
        against: ['15 days', fortnight],
        isRatio: true,
      }),
      rowOf(engine, `the same beside ${count * 10} visits`, grown, {
        budget: BUDGET_MS,
        against: [`${count} visits`, month],
      }),
    ]
  } finally {
    await fixture.close()
  }
}

function rowOf(
  engine: string,
  work: string,
  ours: number,
  {
    budget = null,
    against,
    isRatio = false,
  }: { budget?: number | null; against?: readonly [string, number]; isRatio?: boolean },
): BenchRow {
  const ratio = against ? ours / against[1] : null
  const named = against ? [{ name: against[0], value: against[1] }] : []
  const isOk = budget === null || ours <= budget
  return isRatio && ratio !== null
    ? { name: 'slots', work, engine, ours: ratio, unit: '×', against: named, ratio, budget: null, ok: true }
    : { name: 'slots', work, engine, ours, unit: 'ms', against: named, ratio, budget, ok: isOk }
}

/** The fixture clinic has three doctors; their colleagues work the same hours. */
async function addDoctors({ writer }: Fixture): Promise<void> {
  const others = Array.from({ length: DOCTORS - 3 }, (_, index) => testId('Doctor', index + 4))
  await seedDocuments(
    writer,
    'doctors',
    others.map((id, index) => aDoctor({ id, position: index + 4 })),
  )
  const templates = others.flatMap((doctorId, index) =>
    [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aScheduleTemplate({
        id: testId('ScheduleTemplate', 1_000 + index * 10 + weekday),
        doctorId,
        weekday,
        validFrom: '2020-01-01',
      }),
    ),
  )
  await seedDocuments(writer, 'schedule_templates', templates)
}

/** Every other quarter of an hour of every doctor, some days from the first on. */
async function addVisits({ database }: Fixture, from: number, until: number): Promise<void> {
  const rows: ReturnType<typeof aRow>[] = []
  for (let day = from; day < until; day += 1) {
    for (let doctor = 1; doctor <= DOCTORS; doctor += 1) {
      for (let visit = 0; visit < VISITS_PER_DAY; visit += 1) rows.push(aRow(day, testId('Doctor', doctor), visit))
    }
  }
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await database.write((tx) =>
      tx
        .insertInto('appointments')
        .values(rows.slice(at, at + ROWS_AT_ONCE))
        .execute(),
    )
  }
}

let made = 0
function aRow(day: number, doctorId: DoctorId, visit: number) {
  made += 1
  const start = at(day) + minutes(visit * 30)
  const document = anAppointment({
    id: testId('Appointment', made),
    doctorId,
    start,
    patientId: testId('Patient', (made % 20) + 1),
  })
  return toRow('appointments', { ...document, _deleted: false }, start)
}

const measure = ({ database, clinic, clock }: Fixture, days: number): Promise<number> =>
  medianMs(15, () =>
    database.read(async (tx) => {
      const asked = { typeId: clinic.types.consultation.id }
      const opened = await openScope(tx, subjectOf(clinic, 'receptionist'), asked, {
        now: clock.now,
        askerOf: askerToBook,
      })
      if (!opened.ok) throw new Error(opened.reason)
      const found = await searchSlots(tx, opened.scope, {
        from: FIRST_DAY,
        until: addDays(FIRST_DAY, days - 1),
        stepMinutes: 15,
      })
      if (found.length !== DOCTORS * days * VISITS_PER_DAY) throw new Error(`Found ${found.length} slots`)
    }),
  )
