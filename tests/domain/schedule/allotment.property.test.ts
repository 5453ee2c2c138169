// Which times a device may keep: never above the clinic's bound, never two at once, whoever asks in whatever order.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Allotment,
  chooseAllotments,
  isInside,
  isLive,
  mostAllotments,
  typeToKeep,
} from '#domain/schedule/allotment.ts'
import { contains, type Interval, overlaps } from '#domain/schedule/interval.ts'
import { minutes } from '#domain/time/instant.ts'
import { anAllotment, anAppointment, anAppointmentType, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const time = (start: number, length = 15): Interval => ({
  start: NINE_O_CLOCK + minutes(start),
  end: NINE_O_CLOCK + minutes(start + length),
})
/** Times of one length that may begin anywhere, and so may overlap. */
const someFree = fc
  .uniqueArray(fc.integer({ min: 0, max: 480 }), { maxLength: 40 })
  .map((starts) => starts.toSorted((a, b) => a - b).map((start) => time(start)))
const requests = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 })

type Kept = Interval & { readonly device: number }

/** Devices ask one after the other, and each sees what is kept by then. */
function play(free: readonly Interval[], order: readonly number[], most: number): Kept[] {
  const kept: Kept[] = []
  for (const device of order) {
    const known = kept.map((one) => ({ ...one, isOwn: one.device === device }))
    kept.push(...chooseAllotments({ free, kept: known, most }).map((one) => ({ ...one, device })))
  }
  return kept
}

describe('the times that devices keep', () => {
  test('are never more than the bound, free ones only, and never two at once, whatever the order of requests', () => {
    fc.assert(
      fc.property(someFree, requests, fc.integer({ min: 0, max: 10 }), (free, order, most) => {
        const kept = play(free, order, most)
        expect(kept.length).toBeLessThanOrEqual(most)
        for (const device of order) {
          expect(kept.filter((one) => one.device === device).length).toBeLessThanOrEqual(Math.ceil(most / 2))
        }
        for (const [index, one] of kept.entries()) {
          expect(free).toContainEqual({ start: one.start, end: one.end })
          expect(kept.slice(index + 1).some((other) => overlaps(one, other))).toBe(false)
        }
      }),
      seeded(),
    )
  })

  test('are the same for the same question, and nothing further where a device asks again', () => {
    fc.assert(
      fc.property(someFree, fc.integer({ min: 0, max: 10 }), (free, most) => {
        const first = chooseAllotments({ free, kept: [], most })
        expect(chooseAllotments({ free, kept: [], most })).toEqual(first)
        expect(play(free, [1, 1, 1], most)).toHaveLength(first.length)
      }),
      seeded(),
    )
  })

  test('of an empty day lie apart: one in the middle, the next at an end', () => {
    const day = Array.from({ length: 32 }, (_, index) => time(15 * index))
    expect(chooseAllotments({ free: day, kept: [], most: 4 })).toEqual([time(15 * 15), time(15 * 31)])
    expect(play(day, [1, 2], 4).map(({ start }) => (start - NINE_O_CLOCK) / minutes(15))).toEqual([15, 31, 0, 23])
  })

  test('are one in eight of the day’s times unless the clinic says otherwise, and none where it says 0', () => {
    const hours = [time(0, 240), time(300, 235)]
    expect(mostAllotments(hours, 15, 8)).toBe(3)
    expect(mostAllotments(hours, 15, 1)).toBe(31)
    expect(mostAllotments(hours, 15, 0)).toBe(0)
    expect(mostAllotments([], 15, 8)).toBe(0)
  })

  test('are as long as the shortest visit of one patient that the doctor offers', () => {
    const doctorId = testId('Doctor', 1)
    const type = (number: number, durationMinutes: number, part = {}) =>
      anAppointmentType({ id: testId('AppointmentType', number), code: `T${number}`, durationMinutes, ...part })
    const types = [
      type(1, 30),
      type(2, 20),
      type(3, 20),
      type(4, 10, { doctorIds: [testId('Doctor', 2)] }),
      type(5, 10, { isActive: false }),
      type(6, 10, { capacity: 8 }),
    ]
    expect(typeToKeep(types, doctorId)?.code).toBe('T2')
    expect(typeToKeep(types, testId('Doctor', 2))?.code).toBe('T4')
    expect(typeToKeep([], doctorId)).toBeUndefined()
  })
})

describe('a booking lies inside a lease', () => {
  const plain = anAppointmentType()
  const lease = anAllotment({ roomId: testId('Room') })
  const wanted = (part = {}) => anAppointment({ start: lease.start, end: lease.end, ...part })

  test('when all of it does, whatever its length', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 40 }), (start, length) => {
        const visit = wanted(time(start, length))
        expect(isInside(visit, plain, lease, plain)).toBe(contains(lease, visit))
      }),
      seeded(),
    )
  })

  test.each<[string, object, object, boolean]>([
    ['with another doctor', { doctorId: testId('Doctor', 2) }, {}, false],
    ['in a room of its own', { roomId: testId('Room', 2) }, {}, false],
    ['in the lease’s room', { roomId: testId('Room') }, {}, true],
    ['of a type with longer buffers', {}, { bufferAfterMinutes: 5 }, false],
    ['of a group', {}, { capacity: 4 }, false],
    ['of another type that needs no room', { typeId: testId('AppointmentType', 2) }, {}, true],
    [
      'of another type that needs a room',
      { typeId: testId('AppointmentType', 2) },
      { roomIds: [testId('Room')] },
      false,
    ],
  ])('or not: %s', (_, part, type, isFinal) => {
    expect(isInside(wanted(part), { ...plain, ...type }, lease, plain)).toBe(isFinal)
  })

  test.each<[Allotment['status'], number, boolean]>([
    ['open', -1, true],
    ['open', 0, false],
    ['used', -1, false],
    ['returned', -1, false],
    ['taken-back', -1, false],
  ])('and a lease that is %s keeps its time %i ms after its start: %s', (status, after, isKept) => {
    expect(isLive({ ...lease, status }, lease.start + after)).toBe(isKept)
  })
})
