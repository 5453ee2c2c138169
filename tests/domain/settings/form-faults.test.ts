import fc from 'fast-check'
import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { appointmentTypeSchema } from '#domain/appointment/appointment-schemas.ts'
import { DEFAULT_POLICIES, policiesSchema } from '#domain/clinic/policies.ts'
import { faultsOf } from '#domain/settings/form-faults.ts'

const POLICIES = policiesSchema.properties

test('what a clinic starts with has no fault', () => {
  expect(faultsOf(POLICIES, DEFAULT_POLICIES)).toEqual([])
})

test('a number that is too small or too large is told with the bound it crosses', () => {
  expect(faultsOf(POLICIES, { holdSeconds: 9, changeCutoffMinutes: 525_601 })).toEqual([
    { field: 'changeCutoffMinutes', rule: 'too-large', limit: 525_600 },
    { field: 'holdSeconds', rule: 'too-small', limit: 10 },
  ])
})

test('a number that is text or nothing is told as such', () => {
  expect(faultsOf(POLICIES, { holdSeconds: 'soon' })).toEqual([{ field: 'holdSeconds', rule: 'not-a-number' }])
  expect(faultsOf(POLICIES, { holdSeconds: '' })).toEqual([{ field: 'holdSeconds', rule: 'missing' }])
})

test('a name of blanks is missing, a long one too long, a country of one letter of the wrong form', () => {
  const { code } = appointmentTypeSchema.properties
  expect(faultsOf({ code }, { code: '' })).toEqual([{ field: 'code', rule: 'missing' }])
  expect(faultsOf({ code }, { code: 'x'.repeat(17) })).toEqual([{ field: 'code', rule: 'too-long', limit: 16 }])
  expect(faultsOf(POLICIES, { country: 'gb' })).toEqual([{ field: 'country', rule: 'wrong-form' }])
})

test('a field has a fault exactly when the server’s schema refuses its value', () => {
  const value = fc.oneof(fc.integer(), fc.string(), fc.constantFrom('', null, 'GB', '21:00', 'off', 120))
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(POLICIES)), value, (name, given) => {
      const schema = POLICIES[name as keyof typeof POLICIES]
      expect(faultsOf(POLICIES, { [name]: given }).length === 0).toBe(Check(schema, given))
    }),
  )
})
