import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rank } from '#domain/commands/rank.ts'
import { seeded } from '#tests/support/seeded.ts'

const order = (labels: readonly string[], text: string): readonly string[] =>
  rank(
    labels.map((label) => ({ label })),
    text,
  ).map(({ label }) => label)

describe('a few letters', () => {
  test('find the beginning of a label before that of a word, and that before letters inside', () => {
    expect(order(['Undo', 'Next day', 'Day board', 'Holiday'], 'day')).toEqual(['Day board', 'Next day', 'Holiday'])
  })

  test('find letters in their order, from three on', () => {
    expect(order(['Export day list', 'Full screen'], 'exdl')).toEqual(['Export day list'])
    expect(order(['Export day list'], 'xl')).toEqual([])
  })

  test('must all be there when they are several words', () => {
    expect(order(['Next day', 'Next free time'], 'next da')).toEqual(['Next day'])
  })

  test('care for neither case nor marks', () => {
    expect(order(['Über die Praxis'], 'uber')).toEqual(['Über die Praxis'])
  })
})

test('among equals what was used last comes first, and with nothing typed before all others', () => {
  const items = [{ label: 'Reports' }, { label: 'Redo', recency: 1 }, { label: 'Room', recency: 0 }]
  expect(rank(items, 'r').map(({ label }) => label)).toEqual(['Room', 'Redo', 'Reports'])
  expect(rank(items, '').map(({ label }) => label)).toEqual(['Room', 'Redo', 'Reports'])
})

test('a label that begins with what was typed is never behind one that does not', () => {
  const label = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.array(label, { maxLength: 12 }), fc.constantFrom('a', 'ab', 'abc', 'ca'), (labels, text) => {
      const fits = order(labels, text).map((each) => each.startsWith(text))
      expect(fits).toEqual(fits.toSorted((a, b) => Number(b) - Number(a)))
      // One letter less never finds less.
      expect(order(labels, text).every((each) => order(labels, text.slice(0, 1)).includes(each))).toBe(true)
    }),
    seeded(300),
  )
})
