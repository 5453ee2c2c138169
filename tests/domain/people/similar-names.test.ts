import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areSimilarNames } from '#domain/people/similar-names.ts'

test.each([
  ['Ada Lovelace', 'ada lovelace'],
  ['Łukasz Żółć', 'Lukasz Zolc'],
  ['Ada Lovelace', 'Lovelace, Ada'],
  ['Ada Lovelace', 'Ada M. Lovelace'],
  ['A. Lovelace', 'Ada Lovelace'],
  ['Jonathan Smith', 'Jonathan Smyth'],
  ['Jonathan Smith', 'Jonahtan Smith'],
  ['Jonathan Smith', 'Jonathn Smith'],
])('%s and %s may be one person', (one, other) => {
  expect(areSimilarNames(one, other)).toBe(true)
  expect(areSimilarNames(other, one)).toBe(true)
})

test.each([
  ['Ada Lovelace', 'Grace Hopper'],
  ['Ada Lovelace', 'Ada Byron'],
  ['Ann Lee', 'Amy Lee'],
  ['Ada', ''],
  ['Ada Ada', 'Ada Byron'],
])('%s and %s are two', (one, other) => {
  expect(areSimilarNames(one, other)).toBe(false)
})

test('the order in which two names are compared does not matter', () => {
  const name = fc.array(fc.stringMatching(/^[a-e]{1,6}$/), { maxLength: 3 }).map((words) => words.join(' '))
  fc.assert(
    fc.property(name, name, (one, other) => areSimilarNames(one, other) === areSimilarNames(other, one)),
    {
      numRuns: 2_000,
    },
  )
})
