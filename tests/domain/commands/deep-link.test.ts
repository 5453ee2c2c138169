import { expect, test } from 'vitest'
import { parseDeepLink } from '#domain/commands/deep-link.ts'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'

test.each([
  ['clinic://inbox', { to: 'inbox' }],
  ['clinic://inbox/', { to: 'inbox' }],
  ['clinic://day/2026-12-01', { to: 'day', day: '2026-12-01' }],
  [`clinic://appointment/${id}`, { to: 'appointment', id }],
  [`clinic://patient/${id}/`, { to: 'patient', id }],
])('%s leads to its place', (link, place) => {
  expect(parseDeepLink(link)).toEqual(place)
})

test.each([
  '',
  'clinic:',
  'clinic://',
  'clinic:inbox',
  'clinic://inbox/1',
  'clinic://inbox?run=1',
  'clinic://inbox#x',
  'clinic://user@inbox',
  'clinic://inbox:80',
  ' clinic://inbox',
  'clinic://inbox\n',
  'clinic://inbox//',
  'clinic://day',
  'clinic://day/2026-02-30',
  'clinic://day/tomorrow',
  'clinic://day/2026-12-01/..',
  `clinic://day/${id}`,
  'clinic://appointment/2026-12-01',
  `clinic://appointment/${id.toUpperCase()}`,
  `clinic://appointment/${id}?status=cancelled`,
  `clinic://patient/%2e%2e/${id}`,
  `clinic://erase/${id}`,
  `clinic.evil://patient/${id}`,
  `https://clinic/patient/${id}`,
  'file:///etc/passwd',
])('%j leads nowhere', (link) => {
  expect(parseDeepLink(link)).toBeNull()
})
