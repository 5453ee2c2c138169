import { expect, test } from 'vitest'
import { hasWordsLike } from '#domain/people/name-search.ts'

test.each([
  ['Łucja Müller-Öz', 'lucja'],
  ['Łucja Müller-Öz', 'MULLER'],
  ['Łucja Müller-Öz', 'oz'],
  ['Łucja Müller-Öz', 'müller öz'],
  ['Łucja Müller-Öz', ''],
  ['Nguyễn Văn An', 'nguyen va'],
  ['Ευαγγελία', 'ευα'],
])('%s is found by "%s"', (name, wanted) => {
  expect(hasWordsLike(name, wanted)).toBe(true)
})

test.each([
  ['Łucja Müller-Öz', 'ucja'],
  ['Łucja Müller-Öz', 'oz muller'],
  ['Łucja Müller-Öz', 'muller-ozturk'],
])('%s is not found by "%s"', (name, wanted) => {
  expect(hasWordsLike(name, wanted)).toBe(false)
})
