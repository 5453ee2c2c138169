import { expect, test } from 'vitest'
import { visitChanges } from '#domain/settings/visit-changes.ts'

const VISIT = { id: '1', status: 'confirmed', reason: '', roomId: null, start: 10, revision: 2, updatedAt: 5 }

test('a change is the fields that differ, with both values', () => {
  expect(visitChanges(VISIT, { ...VISIT, status: 'cancelled', reason: 'ill', revision: 3, updatedAt: 9 })).toEqual([
    { field: 'status', before: 'confirmed', after: 'cancelled' },
    { field: 'reason', before: null, after: 'ill' },
  ])
})

test('a new visit is told by what it says, without what is empty', () => {
  expect(visitChanges(null, VISIT)).toEqual([
    { field: 'status', before: null, after: 'confirmed' },
    { field: 'start', before: null, after: '10' },
  ])
})

test('versions that differ only in their counts have no change', () => {
  expect(visitChanges(VISIT, { ...VISIT, revision: 3, updatedAt: 9 })).toEqual([])
})
