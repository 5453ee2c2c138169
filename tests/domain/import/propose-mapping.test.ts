import { expect, test } from 'vitest'
import { proposeMapping } from '#domain/import/propose-mapping.ts'

const mapping = (name: string, ...columns: string[]) => ({ name, summary: name, columns })
const ALL = [mapping('visits', 'Day', 'Patient', 'No-show'), mapping('letters', 'Date', 'To')]

test('a file is of the kind whose columns it has, in any order, quoted, behind a byte order mark', () => {
  expect(proposeMapping('\uFEFF"Patient",Age,No-show,"Day"', ALL).mapping?.name).toBe('visits')
  expect(proposeMapping('To,Date', ALL).mapping?.name).toBe('letters')
})

test('of a file that is of no kind it is said what it lacks for the nearest', () => {
  expect(proposeMapping('Day,Patient', ALL)).toMatchObject({
    mapping: null,
    nearest: { name: 'visits' },
    missing: ['No-show'],
  })
})

test('where nothing can be read, nothing is proposed', () => {
  expect(proposeMapping('Day', [])).toEqual({ mapping: null, nearest: null, missing: [] })
})
