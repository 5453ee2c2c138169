import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { COLLECTION_NAMES, definitionOf } from '#domain/sync/collections.ts'
import { migrationsOf, upgradedFrom } from '#domain/sync/schema-migrations.ts'
import { anAppointment, anAppointmentType, aSchedule } from '#tests/support/builders.ts'

describe.each(COLLECTION_NAMES)('%s', (name) => {
  it('has one migration for each version up to its own, and none beyond', () => {
    const { version } = definitionOf(name)
    const wanted = Array.from({ length: version }, (_, index) => String(index + 1))
    expect(Object.keys(migrationsOf(name))).toEqual(wanted)
  })
})

describe.each([
  ['appointments', anAppointment()],
  ['schedules', aSchedule()],
  ['appointment_types', anAppointmentType()],
] as const)('a document of %s of version 0', (name, newest) => {
  const added = Object.keys(migrationsOf(name)[1]?.({}) ?? {})
  const older = Object.fromEntries(Object.entries(newest).filter(([field]) => !added.includes(field)))

  it('fits the schema once it is brought over, and nothing it said is changed', () => {
    const upgraded = upgradedFrom(name, 0, older)
    expect(added.length).toBeGreaterThan(0)
    expect(Check(definitionOf(name).schema, older)).toBe(false)
    expect(Check(definitionOf(name).schema, upgraded)).toBe(true)
    expect(upgraded).toMatchObject(older)
  })

  it('keeps a new field that it was sent, and is left alone when it is of the newest version', () => {
    const [field = ''] = added
    expect(upgradedFrom(name, 0, { ...older, [field]: 'as sent' })[field]).toBe('as sent')
    expect(upgradedFrom(name, 1, older)).toEqual(older)
  })
})
