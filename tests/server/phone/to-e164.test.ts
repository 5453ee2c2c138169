import { expect, test } from 'vitest'
import { toE164 } from '#server/phone/to-e164.ts'

test.each([
  ['600 100 200', 'PL', '+48600100200'],
  ['+48 (600) 100-200', 'GB', '+48600100200'],
  ['0048600100200', 'GB', '+48600100200'],
  ['07911 123456', 'gb', '+447911123456'],
  ['0171 1234567', 'DE', '+491711234567'],
  ['(212) 555-0123', 'US', '+12125550123'],
  ['+4479１1123456', 'PL', '+447911123456'],
])('%s in %s is %s', (text, country, expected) => {
  expect(toE164(text, country)).toBe(expected)
})

test.each([
  ['', 'PL'],
  ['12', 'PL'],
  ['600 100 200', 'XX'],
  ['600100200 ext. 5', 'PL'],
  ['call me', 'PL'],
  ['+999123456789', 'PL'],
  ['+48600100200'.repeat(10), 'PL'],
])('%s in %s is no number', (text, country) => {
  expect(toE164(text, country)).toBe(null)
})
