import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { DEFAULT_POLICIES, parsePolicies, policiesSchema } from '#domain/clinic/policies.ts'

test('the defaults are valid, and answer wherever a clinic has decided nothing', () => {
  expect(Check(policiesSchema, DEFAULT_POLICIES)).toBe(true)
  expect(parsePolicies('{}')).toEqual(DEFAULT_POLICIES)
})

test('what a clinic decided stands beside the defaults for the rest', () => {
  expect(parsePolicies('{"twoFactor":"staff","changeCutoffMinutes":0}')).toEqual({
    ...DEFAULT_POLICIES,
    twoFactor: 'staff',
    changeCutoffMinutes: 0,
  })
})

test.each(['', 'null', '[]', '7', '{"holdSeconds":-1}', '{"registration":"maybe"}', '{"later":1}', '{"__proto__":1}'])(
  'a text that says nothing valid is the defaults: %s',
  (text) => {
    expect(parsePolicies(text)).toEqual(DEFAULT_POLICIES)
  },
)
