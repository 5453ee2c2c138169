/** What the board offers and forbids for a visit, before anything is written. */
import { describe, expect, it } from 'vitest'
import type { Permission } from '#domain/access/permissions.ts'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { Seats } from '#domain/appointment/group-session.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { nextStepsOf } from '#renderer/clinic/next-steps.ts'
import { parseBirthDate } from '#renderer/clinic/parse-birth-date.ts'
import { readRefused } from '#renderer/clinic/refused-change.ts'
import { type BoardItem, toBoardItems } from '#renderer/features/day-board/board-item.ts'
import { judgeMove } from '#renderer/features/move-appointment/judge-move.ts'
import type { HeldTime } from '#renderer/local-db/held-times.ts'
import { anAppointment } from '#tests/support/builders.ts'
import { DAY, fakeId, MIDNIGHT } from './harness/fake-day.ts'

const at = (hour: number, minute = 0): number => MIDNIGHT + hours(hour) + minutes(minute)
const [DOCTOR, OTHER] = [fakeId<'Doctor'>(1, 0), fakeId<'Doctor'>(1, 1)]
const aVisit = (start: number, part: Parameters<typeof anAppointment>[0] = {}) =>
  anAppointment({ id: fakeId(2, 1), start, end: start + minutes(15), ...part })
const everything = (): boolean => true

describe('the next steps of a visit', () => {
  const stepsAt = (
    now: number,
    part: Parameters<typeof anAppointment>[0],
    may: (p: Permission) => boolean = everything,
  ) => nextStepsOf(aVisit(at(10), part), { now, may })

  it('begin with what the day usually brings', () => {
    expect(stepsAt(at(9), { status: 'pending' }).steps).toEqual(['confirm', 'arrived'])
    expect(stepsAt(at(9), { status: 'confirmed' }).steps).toEqual(['arrived'])
    expect(stepsAt(at(10, 5), { status: 'confirmed' }).steps).toEqual(['arrived', 'no-show'])
    expect(stepsAt(at(10), { status: 'arrived', arrivedAt: at(9) }).steps).toEqual(['in-room', 'done'])
    expect(stepsAt(at(10), { status: 'arrived', arrivedAt: at(9), startedAt: at(10) }).steps).toEqual(['done'])
  })

  it('let nobody arrive on another day', () => {
    expect(stepsAt(at(9) - hours(24), { status: 'confirmed' }).steps).toEqual([])
  })

  it('are only those the person may take', () => {
    const mayOnlyConfirm = (permission: Permission): boolean => permission === 'confirm-appointment'
    const next = stepsAt(at(9), { status: 'pending' }, mayOnlyConfirm)
    expect(next).toEqual({ steps: ['confirm'], canMove: false, canCancel: false, undo: null })
  })

  it('each have a way back', () => {
    expect(stepsAt(at(11), { status: 'arrived', startedAt: at(10) }).undo).toEqual({ to: 'arrived', isFromRoom: true })
    expect(stepsAt(at(11), { status: 'fulfilled' }).undo).toEqual({ to: 'arrived', isFromRoom: false })
    expect(stepsAt(at(11), { status: 'noshow' }).undo).toEqual({ to: 'confirmed', isFromRoom: false })
    expect(stepsAt(at(9), { status: 'cancelled' }).undo).toEqual({ to: 'confirmed', isFromRoom: false })
  })
})

describe('a move', () => {
  const visit = aVisit(at(10), { doctorId: DOCTOR })
  const around = (part: Partial<Parameters<typeof judgeMove>[2]> = {}) => ({
    appointments: [visit],
    hoursOf: () => [{ start: at(9), end: at(17) }],
    typeOf: () => undefined,
    now: at(9),
    held: [],
    isHeld: true,
    mayMove: everything,
    ...part,
  })
  const judge = (start: number, part = {}, doctorId = OTHER) => judgeMove(visit, { doctorId, start }, around(part))

  it('may go to any free time of a doctor who is in', () => expect(judge(at(11))).toBeNull())
  it('may end exactly when the next visit begins', () => {
    const next = aVisit(at(11, 15), { id: fakeId(2, 2), doctorId: OTHER, patientId: fakeId(3, 9) })
    expect(judge(at(11), { appointments: [visit, next] })).toBeNull()
    expect(judge(at(11, 5), { appointments: [visit, next] })).toBe('slot-taken')
  })
  it('may not go where someone else holds the time, but where someone has cancelled', () => {
    const other = aVisit(at(11), { id: fakeId(2, 2), doctorId: OTHER, patientId: fakeId(3, 9) })
    expect(judge(at(11), { appointments: [visit, other] })).toBe('slot-taken')
    expect(judge(at(11), { appointments: [visit, { ...other, status: 'cancelled' as const }] })).toBeNull()
  })
  it('may not go where somebody is booking at the moment', () => {
    const held = [
      {
        id: fakeId(2, 8),
        doctorId: OTHER,
        typeId: visit.typeId,
        start: at(11),
        end: at(11, 15),
      } as unknown as HeldTime,
    ]
    expect(judge(at(11), { held })).toBe('held')
    expect(judge(at(11, 15), { held })).toBeNull()
    expect(judge(at(11), { held }, DOCTOR)).toBeNull()
  })
  it('may not put the patient into two rooms at once', () => {
    const elsewhere = aVisit(at(11), { id: fakeId(2, 2), doctorId: DOCTOR })
    expect(judge(at(11), { appointments: [visit, elsewhere] })).toBe('patient-busy')
  })
  it('may not leave working hours, nor reach into them late', () => {
    expect(judge(at(8, 50), { now: at(8) })).toBe('outside-hours')
    expect(judge(at(16, 50))).toBe('outside-hours')
  })
  it('may go a quarter of an hour into the past, not further', () => {
    expect(judge(at(11), { now: at(11, 15) })).toBeNull()
    expect(judge(at(11), { now: at(11, 16) })).toBe('in-the-past')
  })
  it('may not go to a day whose visits are not here', () => {
    expect(judge(at(11), { isHeld: false })).toBe('day-not-here')
  })
  it('may not go to a doctor who does not offer the visit, or who is not one’s own', () => {
    const type = { doctorIds: [DOCTOR], bufferBeforeMinutes: 0, bufferAfterMinutes: 0 } as unknown as AppointmentType
    expect(judge(at(11), { typeOf: () => type })).toBe('type-not-offered')
    expect(judge(at(11), { mayMove: () => false })).toBe('not-allowed')
  })
  it('into a group may take a place there, while there is one', () => {
    const type = {
      doctorIds: [],
      capacity: 2,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
    } as unknown as AppointmentType
    const seated = (number: number) =>
      aVisit(at(11), { id: fakeId(2, number), doctorId: OTHER, patientId: fakeId(3, number) })
    const typeOf = () => type
    expect(judge(at(11), { typeOf, appointments: [visit, seated(2)] })).toBeNull()
    expect(judge(at(11), { typeOf, appointments: [visit, seated(2), seated(3)] })).toBe('group-full')
    expect(judge(at(11, 5), { typeOf, appointments: [visit, seated(2)] })).toBe('slot-taken')
  })
  it('back to where it stands is no move', () => expect(judge(at(10), { now: at(12) }, DOCTOR)).toBeNull())
})

describe('the cards', () => {
  const words = {
    nameOf: () => 'Ada',
    typeNameOf: () => 'Consultation',
    markOf: () => 'none' as const,
    labelOf: () => 'Ada',
    canMove: everything,
    capacityOf: () => 1,
    placesOf: ({ taken, capacity }: Seats) => `${taken} of ${capacity}`,
    waitingLimitMinutes: 20,
  }
  const visits = [aVisit(at(10)), aVisit(at(11), { id: fakeId(2, 2), localStart: '11:00' })]

  it('are the same objects while they say the same', () => {
    const first = toBoardItems(visits, at(9), words, new Map())
    const before = new Map(first.map((item): [string, BoardItem] => [item.id, item]))
    const [one, other] = visits
    if (!one || !other) throw new Error('two visits')
    const second = toBoardItems([one, { ...other, status: 'arrived', arrivedAt: at(9) }], at(9, 1), words, before)
    expect(second[0]).toBe(first[0])
    expect(second[1]).not.toBe(first[1])
  })

  it('of visits called off give way to whoever has the time now', () => {
    const cancelled = aVisit(at(10), { id: fakeId(2, 3), status: 'cancelled' })
    expect(toBoardItems([cancelled], at(9), words, new Map())).toHaveLength(1)
    expect(toBoardItems([cancelled, ...visits], at(9), words, new Map()).map(({ id }) => id)).not.toContain(
      cancelled.id,
    )
  })

  it('tell who has waited as long as the clinic allows', () => {
    const arrived = aVisit(at(10), { status: 'arrived', arrivedAt: at(10) })
    const isLongAt = (now: number) => toBoardItems([arrived], now, words, new Map())[0]?.isLongWait
    expect([isLongAt(at(10, 19)), isLongAt(at(10, 20))]).toEqual([false, true])
  })

  describe('of a group', () => {
    const inGroup = { ...words, capacityOf: () => 2 }
    const member = (number: number, part: Parameters<typeof anAppointment>[0] = {}) =>
      aVisit(at(10), { id: fakeId(2, number), patientId: fakeId(3, number), ...part })
    const cards = (...visits: ReturnType<typeof member>[]) => toBoardItems(visits, at(9), inGroup, new Map())

    it('are one for all who come at that time, with how many', () => {
      const [card, ...others] = cards(member(1), member(2, { status: 'confirmed' }))
      expect(others).toEqual([])
      expect(card).toMatchObject({ typeName: '2 of 2', seating: 'full', canMove: false, look: 'confirmed' })
      expect(card?.members.split(' ')).toEqual([fakeId(2, 1), fakeId(2, 2)])
      expect(cards(member(1))[0]).toMatchObject({ typeName: '1 of 2', seating: 'open' })
      expect(cards(member(1), member(2), member(3))[0]).toMatchObject({ typeName: '3 of 2', seating: 'over' })
    })

    it('count nobody who called off, and keep other times apart', () => {
      const cancelled = member(2, { status: 'cancelled' })
      const later = aVisit(at(11), { id: fakeId(2, 3), localStart: '11:00' })
      expect(cards(member(1), cancelled, later).map(({ typeName }) => typeName)).toEqual(['1 of 2', '1 of 2'])
    })

    it('look as far as the first of them has come', () => {
      const arrived = member(1, { status: 'arrived', arrivedAt: at(9) })
      expect(cards(arrived, member(2))[0]?.look).toBe('arrived')
      expect(cards(member(1, { status: 'fulfilled' }), member(2, { status: 'noshow' }))[0]?.look).toBe('done')
    })

    it('are the same object while the same come', () => {
      const lead = member(1)
      const before = cards(lead, member(2))
      const known = new Map(before.map((item): [string, BoardItem] => [item.id, item]))
      const again = (...visits: ReturnType<typeof member>[]) => toBoardItems(visits, at(9), inGroup, known)[0]
      expect(again(lead, member(2))).toBe(before[0])
      expect(again(lead, member(3))).not.toBe(before[0])
    })
  })

  it('tell who is late from five minutes on', () => {
    const lateAt = (now: number) => toBoardItems([aVisit(at(10))], now, words, new Map())[0]?.isLate
    expect([lateAt(at(10, 4)), lateAt(at(10, 5))]).toEqual([false, true])
  })
})

describe('a birth date', () => {
  it.each([
    ['3.3.1971', '1971-03-03'],
    ['03/12/1971', '1971-12-03'],
    ['03031971', '1971-03-03'],
    ['1971-03-03', '1971-03-03'],
    ['31.2.1971', null],
    ['3.3.71', '1971-03-03'],
    ['030326', '2026-03-03'],
    ['031226', '1926-12-03'],
    ['3.3.2171', null],
    ['', null],
  ])('%j is read as %j', (text, date) => expect(parseBirthDate(text, DAY)).toBe(date))
})

describe('a refused change', () => {
  const base = aVisit(at(10), { doctorId: DOCTOR })
  const change = (attempted: object, before: object | null = base) =>
    readRefused({
      collectionName: 'appointments',
      attempted: JSON.stringify(attempted),
      base: before === null ? null : JSON.stringify(before),
    } as Parameters<typeof readRefused>[0])

  it('is told apart: a move, a booking, anything else', () => {
    expect(change({ ...base, start: at(12) }).kind).toBe('move')
    expect(change({ ...base, doctorId: OTHER }).kind).toBe('move')
    expect(change(base, null).kind).toBe('booking')
    expect(change({ ...base, status: 'arrived', revision: 9 })).toMatchObject({ kind: 'visit', fields: ['status'] })
  })
})
