import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MergeableMessage, mergedValues, mergeSameDay } from '#domain/message/merge-same-day.ts'
import { CHANNELS, KIND_RULES, MESSAGE_KINDS } from '#domain/message/message-kinds.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { HOUR_MS } from '#domain/time/instant.ts'
import { seeded } from '#tests/support/seeded.ts'

const ZONE = 'Europe/Warsaw'
const utc = (text: string): number => Date.parse(text)
const aMessage = (part: Partial<MergeableMessage> = {}): MergeableMessage => ({
  clinicId: 'one',
  recipient: 'ann +48600100200',
  channel: 'sms',
  kind: 'reminder',
  start: utc('2026-10-14T08:00Z'),
  ...part,
})

describe('visits of one person on one day', () => {
  test('make one message, in the order of the day', () => {
    const later = aMessage({ start: utc('2026-10-14T12:00Z') })
    const merged = mergeSameDay([later, aMessage()], ZONE)
    expect(merged).toEqual([{ day: '2026-10-14', messages: [aMessage(), later] }])
  })

  test('are of one day when the clinic says so, not UTC', () => {
    const evening = aMessage({ start: utc('2026-10-14T21:30Z') })
    const night = aMessage({ start: utc('2026-10-14T22:30Z') })
    expect(mergeSameDay([aMessage(), evening, night], ZONE).map(({ messages }) => messages.length)).toEqual([2, 1])
  })

  test.each([
    { clinicId: 'two' },
    { recipient: 'bob +48600100200' },
    { channel: 'email' as const },
    { kind: 'booked' as const },
    { start: utc('2026-10-15T08:00Z') },
  ])('stay apart when they differ in %j', (part) => {
    expect(mergeSameDay([aMessage(), aMessage(part)], ZONE)).toHaveLength(2)
  })

  test('a confirmation joins the booking it follows', () => {
    const pair = [aMessage({ kind: 'booked' }), aMessage({ kind: 'confirmed', start: utc('2026-10-14T10:00Z') })]
    expect(mergeSameDay(pair, ZONE)).toHaveLength(1)
  })

  test('no message is lost or told twice, and only what may be told together is', () => {
    const anyMessage = fc.record({
      clinicId: fc.constantFrom('one', 'two'),
      recipient: fc.constantFrom('a', 'b', 'a"', '["a"'),
      channel: fc.constantFrom(...CHANNELS),
      kind: fc.constantFrom(...MESSAGE_KINDS),
      start: fc.option(fc.integer({ min: 0, max: 72 }).map((hour) => utc('2026-10-24T00:00Z') + hour * HOUR_MS)),
    })
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 40 }), (messages) => {
        const merged = mergeSameDay(messages, ZONE)
        const all = merged.flatMap((group) => group.messages)
        expect(all).toHaveLength(messages.length)
        expect(new Set(all)).toEqual(new Set(messages))
        for (const group of merged) {
          if (group.messages.length === 1) continue
          const keys = group.messages.map(({ clinicId, recipient, channel, kind, start }) =>
            JSON.stringify([clinicId, recipient, channel, KIND_RULES[kind].mergeGroup, localDayOf(start ?? 0, ZONE)]),
          )
          expect(new Set(keys).size).toBe(1)
          expect(group.messages.every(({ kind }) => KIND_RULES[kind].mergeGroup !== null)).toBe(true)
        }
      }),
      seeded(),
    )
  })
})

test('visits told together list their times and each doctor once', () => {
  const one = { firstName: 'Ann', time: '10:00', doctorName: 'Dr A', place: 'Mill Lane', code: 'K7M2' }
  expect(mergedValues([one])).toBe(one)
  expect(mergedValues([one, { ...one, time: '11:30', doctorName: 'Dr B' }, { ...one, time: '12:00' }])).toEqual({
    firstName: 'Ann',
    time: '10:00, 11:30, 12:00',
    doctorName: 'Dr A, Dr B',
    place: 'Mill Lane',
    code: 'K7M2',
    count: '3',
  })
})
