import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { boundsOfDate, narrow } from '#domain/fhir/date-search.ts'
import {
  FHIR_APPOINTMENT_STATUSES,
  fromFhirStatus,
  isFhirStatus,
  statusesShownAs,
  toFhirStatus,
} from '#domain/fhir/fhir-status.ts'
import { parseSlotId, slotIdOf } from '#domain/fhir/slot-id.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { seeded } from '#tests/support/seeded.ts'

describe('statuses', () => {
  test.each(APPOINTMENT_STATUSES)('%s comes back from FHIR as itself', (status) => {
    expect(fromFhirStatus(toFhirStatus(status))).toBe(status)
    expect(statusesShownAs(toFhirStatus(status))).toContain(status)
  })

  test('every word of FHIR is known, and only those', () => {
    for (const word of FHIR_APPOINTMENT_STATUSES) expect(isFhirStatus(word)).toBe(true)
    for (const word of ['confirmed', 'unplaced', '', 'constructor', '__proto__']) expect(isFhirStatus(word)).toBe(false)
  })

  test('what was entered in error is asked for by nothing of ours', () => {
    expect(fromFhirStatus('entered-in-error')).toBeNull()
    expect(statusesShownAs('proposed')).toEqual([])
  })
})

describe('ids of slots', () => {
  test('say what they were made of, in the letters and the length that FHIR allows', () => {
    const id = fc.uuid().map((uuid) => uuid.toLowerCase())
    fc.assert(
      fc.property(id, id, fc.integer({ min: 0, max: 166_666_666 }), (doctor, type, minute) => {
        const key = { doctorId: doctor as DoctorId, typeId: type as AppointmentTypeId, start: minutes(minute) }
        const text = slotIdOf(key)
        expect(text).toMatch(/^[A-Za-z0-9\-.]{1,64}$/)
        expect(parseSlotId(text)).toEqual(key)
      }),
      seeded(),
    )
  })

  test('are made by us alone: any other text is none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), (text) => {
        const key = parseSlotId(text)
        expect(key === undefined || slotIdOf(key) === text).toBe(true)
      }),
      seeded(),
    )
    for (const text of ['', '1', `${'z'.repeat(25)}.${'z'.repeat(25)}.1`]) expect(parseSlotId(text)).toBeUndefined()
  })
})

describe('dates to search by', () => {
  const LONDON = 'Europe/London'
  const at = (text: string) => Date.parse(text)

  test('are as long as they are precise, in the zone of the clinic', () => {
    const day = { from: at('2026-10-13T23:00Z'), until: at('2026-10-14T23:00Z') }
    expect(boundsOfDate('2026-10-14', LONDON)).toEqual(day)
    expect(boundsOfDate('eq2026-10-14', LONDON)).toEqual(day)
    expect(boundsOfDate('2026-10-14T09:00', LONDON)).toEqual({
      from: at('2026-10-14T08:00Z'),
      until: at('2026-10-14T08:01Z'),
    })
    expect(boundsOfDate('2026-10-14T09:00:00Z', LONDON)).toEqual({
      from: at('2026-10-14T09:00Z'),
      until: at('2026-10-14T09:00:01Z'),
    })
    expect(boundsOfDate('2026-10-14T09:00:00.5+02:00', LONDON)).toEqual({
      from: at('2026-10-14T07:00:00.500Z'),
      until: at('2026-10-14T07:00:00.600Z'),
    })
    expect(boundsOfDate('2026-10', LONDON)?.until).toBe(at('2026-11-01T00:00Z'))
    expect(boundsOfDate('2026', LONDON)?.from).toBe(at('2026-01-01T00:00Z'))
    expect(boundsOfDate('2026-12', LONDON)?.until).toBe(at('2027-01-01T00:00Z'))
  })

  test('the day the clocks are set back has 25 hours', () => {
    const { from = 0, until = 0 } = boundsOfDate('2026-10-25', LONDON) ?? {}
    expect(until - from).toBe(minutes(25 * 60))
  })

  test.each([
    ['lt', { until: '2026-10-13T23:00Z' }],
    ['eb', { until: '2026-10-13T23:00Z' }],
    ['le', { until: '2026-10-14T23:00Z' }],
    ['gt', { from: '2026-10-14T23:00Z' }],
    ['sa', { from: '2026-10-14T23:00Z' }],
    ['ge', { from: '2026-10-13T23:00Z' }],
  ] as const)('the prefix %s leaves one side open', (prefix, bounds) => {
    const wanted = Object.fromEntries(Object.entries(bounds).map(([name, text]) => [name, at(text)]))
    expect(boundsOfDate(`${prefix}2026-10-14`, LONDON)).toEqual(wanted)
  })

  test('a plus sign that arrives as a blank is still an offset', () => {
    expect(boundsOfDate('ge2026-10-14T09:00:00 02:00', LONDON)).toEqual({ from: at('2026-10-14T07:00Z') })
  })

  test.each([
    '',
    'today',
    '2026-13',
    '2026-02-30',
    '2026-10-14T25:00',
    'ne2026-10-14',
    'ap2026',
    '0000',
    '2026-10-14T09',
  ])('%s is none', (text) => {
    expect(boundsOfDate(text, LONDON)).toBeUndefined()
  })

  test('two of them hold both', () => {
    const from = boundsOfDate('ge2026-10-14', LONDON) ?? {}
    const until = boundsOfDate('lt2026-10-15', LONDON) ?? {}
    expect(narrow(from, until)).toEqual(boundsOfDate('2026-10-14', LONDON))
    expect(narrow({}, {})).toEqual({})
  })
})
