/**
 * Free slots of twelve doctors over thirty days, half of whose time is taken, as the server works them out for one question:
 * reading hours and visits included, HTTP left out. Budget 10 ms; and how that grows with the days asked for, and with ten times
 * the appointments in the table, most of them outside the days asked for.
 */
import { addDays } from '#domain/time/clinic-time.ts'
import { ReadMemory } from '#server/operations/read-memory.ts'
import { searchSlots } from '#server/operations/search-slots.ts'
import { askerToBook, openScope } from '#server/operations/slot-scope.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { addDoctors, addVisits, DOCTORS, VISITS_PER_DAY } from './bench-clinic.ts'
import { type Bench, type BenchRow, medianMs } from './bench-row.ts'

const DAYS = 30
const FIRST_DAY = '2026-10-14'
const BUDGET_MS = 10

export const slots: Bench = async (engine) => {
  const fixture = await aFixtureClinic(engine)
  try {
    await addDoctors(fixture)
    await addVisits(fixture, 0, DAYS)
    const work = `${DOCTORS} doctors × ${DAYS} days, ${DOCTORS * DAYS * VISITS_PER_DAY} visits`
    const remembered = await measure(fixture, DAYS, 'remembered')
    const anew = await measure(fixture, DAYS, 'after a write')
    const fortnight = await measure(fixture, DAYS / 2, 'after a write')
    await addVisits(fixture, DAYS, DAYS * 10)
    const grown = await measure(fixture, DAYS, 'after a write')
    const grownRemembered = await measure(fixture, DAYS, 'remembered')
    const linear = { against: ['15 days', fortnight], isRatio: true } as const
    return [
      rowOf(engine, work, remembered, { budget: BUDGET_MS }),
      rowOf(engine, 'the same, the first after a write in the clinic', anew, {}),
      rowOf(engine, 'that by half the days (linear is 2)', anew, linear),
      rowOf(engine, 'the first beside 10 × the visits', grownRemembered, {
        budget: BUDGET_MS,
        against: ['1 ×', remembered],
      }),
      rowOf(engine, 'the second beside 10 × the visits', grown, { against: ['1 ×', anew] }),
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

/** With what is remembered of the clinic, or after a write in it, which makes every reading out of date. */
type State = 'remembered' | 'after a write'

const measure = ({ database, clinic, clock }: Fixture, days: number, state: State): Promise<number> => {
  let memory = new ReadMemory()
  return medianMs(15, () =>
    database.read(async (tx) => {
      if (state === 'after a write') memory = new ReadMemory()
      const recall = await memory.recallIn(tx, clinic.clinicId)
      const asked = { typeId: clinic.types.consultation.id }
      const opened = await openScope(tx, subjectOf(clinic, 'receptionist'), asked, {
        now: clock.now,
        askerOf: askerToBook,
        recall,
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
}
