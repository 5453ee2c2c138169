/** What has become of a demo visit by `now`: its status and the times that go with it. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { hours, type Instant, minutes } from '#domain/time/instant.ts'
import type { SeededRandom } from './seeded-random.ts'

export type Progress = Pick<
  Appointment,
  | 'status'
  | 'arrivedAt'
  | 'startedAt'
  | 'finishedAt'
  | 'cancelReason'
  | 'cancelledAt'
  | 'cancelledBy'
  | 'cancelledByName'
  | 'updatedAt'
>

const CANCEL_REASONS = [
  'Patient ill',
  'Cannot leave work',
  'Feels better',
  'Booked elsewhere',
  'Childcare fell through',
]

/** A visit's progress, given when it takes place, when it was booked and whether that is today. */
export function demoProgress(
  random: SeededRandom,
  visit: Interval,
  { createdAt, now, isToday }: { readonly createdAt: Instant; readonly now: Instant; readonly isToday: boolean },
): Progress {
  const called = random.next()
  if (called < 0.07) return cancelled(random, visit, createdAt, now)
  if (visit.end <= now) return called < 0.12 ? noShow(visit, now) : fulfilled(random, visit, now)
  if (!isToday) return booked(random, createdAt, now)
  if (visit.start <= now) return called < 0.85 ? inRoom(random, visit, now) : booked(random, createdAt, now, 1)
  if (visit.start <= now + minutes(25) && called < 0.6) return waiting(random, createdAt, now)
  return booked(random, createdAt, now)
}

const NOTHING_YET = {
  arrivedAt: null,
  startedAt: null,
  finishedAt: null,
  cancelReason: '',
  cancelledAt: null,
  cancelledBy: null,
  cancelledByName: '',
} as const

function booked(random: SeededRandom, createdAt: Instant, now: Instant, confirmedShare = 0.68): Progress {
  if (!random.chance(confirmedShare)) return { ...NOTHING_YET, status: 'pending', updatedAt: createdAt }
  return { ...NOTHING_YET, status: 'confirmed', updatedAt: Math.min(now, createdAt + minutes(random.between(1, 600))) }
}

function cancelled(random: SeededRandom, visit: Interval, createdAt: Instant, now: Instant): Progress {
  const latest = Math.min(now, visit.start - hours(1))
  const updatedAt = Math.max(createdAt, Math.floor(createdAt + random.next() * (latest - createdAt)))
  const cancelReason = random.pick(CANCEL_REASONS)
  return {
    ...NOTHING_YET,
    status: 'cancelled',
    cancelReason,
    cancelledAt: updatedAt,
    cancelledByName: 'Reception',
    updatedAt,
  }
}

function noShow(visit: Interval, now: Instant): Progress {
  return { ...NOTHING_YET, status: 'noshow', updatedAt: Math.min(now, visit.end + minutes(10)) }
}

function fulfilled(random: SeededRandom, visit: Interval, now: Instant): Progress {
  const length = visit.end - visit.start
  const arrivedAt = visit.start - minutes(random.between(2, 15))
  const startedAt = visit.start + wholeSeconds(random.next() * 0.4 * length)
  const finishedAt = Math.min(now, startedAt + wholeSeconds((0.6 + random.next() * 0.4) * length))
  return { ...NOTHING_YET, status: 'fulfilled', arrivedAt, startedAt, finishedAt, updatedAt: finishedAt }
}

function inRoom(random: SeededRandom, visit: Interval, now: Instant): Progress {
  const startedAt = visit.start + wholeSeconds(random.next() * (now - visit.start))
  const arrivedAt = visit.start - minutes(random.between(2, 15))
  return { ...NOTHING_YET, status: 'arrived', arrivedAt, startedAt, updatedAt: startedAt }
}

function waiting(random: SeededRandom, createdAt: Instant, now: Instant): Progress {
  const arrivedAt = Math.max(createdAt, now - minutes(random.between(1, 18)))
  return { ...NOTHING_YET, status: 'arrived', arrivedAt, updatedAt: arrivedAt }
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1_000) * 1_000
