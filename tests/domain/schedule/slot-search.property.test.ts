/** The times offered, beside an oracle that shares no code with them: 10,000 random calendars in six zones over their switches. */
import { expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import { bookingWindow } from '#domain/schedule/booking-window.ts'
import { busyBeside } from '#domain/schedule/buffers.ts'
import { fullTimes } from '#domain/schedule/resources.ts'
import { doctorSlots } from '#domain/schedule/slot-search.ts'
import { addDays, weekdayOf } from '#domain/time/clinic-time.ts'
import { HOUR_MS, MINUTE_MS } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { type HeldVisit, type OracleCase, type OracleResource, slotsByTrying } from '#tests/support/slot-oracle.ts'

const CASES = 10_000

/** Each zone with days on which its clock is set, and one on which it is not. */
const CLOCKS: readonly { readonly zone: string; readonly days: readonly string[] }[] = [
  { zone: 'Europe/Berlin', days: ['2026-03-29', '2026-10-25', '2026-12-31', '2027-01-03'] },
  // Midnight itself is skipped in November and the last hour of the day comes twice in February.
  { zone: 'America/Sao_Paulo', days: ['2018-11-04', '2018-02-17', '2018-06-13'] },
  { zone: 'Asia/Kolkata', days: ['2026-03-29', '2026-10-25'] },
  // Half an hour.
  { zone: 'Australia/Lord_Howe', days: ['2026-04-05', '2026-10-04', '2026-07-01'] },
  // At 02:45, three quarters of an hour off.
  { zone: 'Pacific/Chatham', days: ['2026-04-05', '2026-09-27', '2026-07-01'] },
  // At 02:00 now, at one minute past midnight until 2011: back into the day before.
  { zone: 'America/St_Johns', days: ['2026-03-08', '2026-11-01', '2010-03-14', '2010-11-07'] },
]
/** Ends and beginnings that a switch may meet, beside those of an office. */
const TIMES = [
  ...['00:00', '00:01', '00:30', '01:00', '01:15', '01:30', '01:45', '02:00', '02:15', '02:30', '02:45', '03:00'],
  ...['03:15', '03:45', '06:00', '08:00', '09:30', '12:00', '13:00', '17:00', '22:00', '23:00', '23:01', '23:30'],
]

/** One calendar and one question about it, from a number. */
function aCase(seed: number): OracleCase {
  const random = seededRandom(seed)
  const { zone, days } = random.pick(CLOCKS)
  const special = random.pick(days)
  const firstDay = addDays(special, -random.between(2, 4))
  const from = addDays(firstDay, random.between(2, 3))
  const until = addDays(from, random.between(0, 1))
  const ownZone = () => (random.chance(0.1) ? random.pick(CLOCKS).zone : zone)
  const day = (first: number, last: number) => addDays(firstDay, random.between(first, last))
  const noon = Date.parse(`${from}T12:00Z`)
  return {
    zone,
    firstDay,
    from,
    until,
    asker: random.chance(0.6) ? 'patient' : 'staff',
    now: noon - random.between(0, 30 * 60) * MINUTE_MS + random.pick([0, 0, 1, 30_000]),
    noticeMinutes: random.pick([0, 0, 1, 60, 24 * 60]),
    horizonDays: random.pick([1, 2, 365]),
    durationMinutes: random.pick([5, 15, 20, 30, 45, 60, 90]),
    stepMinutes: random.pick([5, 10, 15, 15, 20, 30]),
    bufferBeforeMinutes: random.pick([0, 0, 5, 10, 30]),
    bufferAfterMinutes: random.pick([0, 0, 5, 10, 30]),
    calendar: {
      doctorId: 'doctor',
      templates: Array.from({ length: random.between(0, 5) }, () => ({
        ...aRange(random, ownZone()),
        weekday: weekdayOf(day(1, 5)),
        validFrom: day(1, 3),
        validUntil: random.chance(0.3) ? day(3, 5) : null,
        weeks: random.pick(['every', 'every', 'odd', 'even'] as const),
        publish: random.pick(['online', 'online', 'ask', 'staff'] as const),
      })),
      schedules: Array.from({ length: random.between(0, 3) }, () => ({
        ...aRange(random, ownZone()),
        date: day(1, 5),
        isAvailable: random.chance(0.4),
      })),
    },
    visits: Array.from({ length: random.between(0, 8) }, () => aVisit(random, noon)),
    rooms: random.chance(0.6) ? null : Array.from({ length: random.between(0, 3) }, () => aResource(random, noon)),
    equipment: Array.from({ length: random.pick([0, 0, 1, 2]) }, () => aResource(random, noon)),
    elsewhere: Array.from({ length: random.pick([0, 0, 1, 3]) }, () => aVisit(random, noon)),
  }
}

function aResource(random: SeededRandom, noon: number): OracleResource {
  const capacity = random.pick([1, 1, 2, 3])
  return { capacity, visits: Array.from({ length: random.between(0, 6 * capacity) }, () => aVisit(random, noon)) }
}

const aRange = (random: SeededRandom, zone: string) => ({
  zone,
  startTime: random.pick(TIMES),
  endTime: random.pick(TIMES),
})

function aVisit(random: SeededRandom, noon: number): HeldVisit {
  const start = noon + random.between(-24 * 12, 48 * 12) * 5 * MINUTE_MS - 12 * HOUR_MS
  return {
    start,
    end: start + random.pick([5, 15, 30, 60, 240]) * MINUTE_MS,
    bufferBeforeMinutes: random.pick([0, 5, 20]),
    bufferAfterMinutes: random.pick([0, 10, 15]),
  }
}

/** The product's answer to the same question. */
function slotsBySearching(question: OracleCase) {
  const beside = (visits: readonly HeldVisit[]) => visits.map((visit) => busyBeside(visit, visit, question))
  const timesOf = ({ capacity, visits }: OracleResource) => fullTimes({ capacity, taken: visits })
  const rooms = question.rooms?.map((room, index) => ({ id: testId('Room', index), full: timesOf(room) })) ?? null
  const slots = doctorSlots(
    { ...question.calendar, busy: beside(question.visits) },
    {
      ...question,
      window: bookingWindow(question),
      rooms,
      equipmentFull: question.equipment.flatMap(timesOf),
      capacity: 1,
    },
  )
  const roomOf = (id: string | null) => rooms?.findIndex((room) => room.id === id) ?? -1
  return slots.map(({ start, mode, roomId }) => ({ start, mode, room: roomOf(roomId) }))
}

test(`the times offered are exactly those that trying every minute finds, in ${CASES} calendars`, () => {
  let offered = 0
  for (let index = 0; index < CASES; index += 1) {
    const seed = (TEST_SEED + index) >>> 0
    const question = aCase(seed)
    const truth = slotsByTrying(question)
    const found = slotsBySearching(question)
    offered += found.length
    if (JSON.stringify(found) !== JSON.stringify(truth)) {
      console.info(`case ${seed}`, JSON.stringify(question, null, 1))
      expect(found.map(shown)).toEqual(truth.map(shown))
    }
  }
  // An oracle that never sees a time proves nothing.
  expect(offered).toBeGreaterThan(CASES)
}, 90_000)

const shown = ({ start, mode, room }: { start: number; mode: string; room: number }) =>
  `${new Date(start).toISOString()} ${mode} ${room}`
