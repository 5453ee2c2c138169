/** Whether a new patient is in the list already. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { likelyTwins, likenessOf, nameFromSearch } from '#domain/people/likely-twins.ts'

const ann = { name: 'Ann Meier', birthDate: '1971-03-03', phone: '07700 900123' }

describe('two records are as alike as', () => {
  it.each([
    ['a letter apart, born on one day', { ...ann, name: 'Ann Maier', phone: '' }, 3],
    ['the same name and phone, written otherwise', { ...ann, birthDate: '1970-03-03', phone: '+44 7700 900123' }, 2],
    ['the same name, birth date unknown', { ...ann, birthDate: null, phone: '' }, 1],
    ['the same name, born on another day', { ...ann, birthDate: '2001-01-01', phone: '' }, 0],
    ['a relative on the same phone', { ...ann, name: 'Tom Meier', birthDate: '2011-01-01' }, 0],
    ['a stranger born on that day', { ...ann, name: 'Lucy Woods', phone: '' }, 0],
    ['no phone at all', { ...ann, birthDate: '1980-01-01', phone: '' }, 0],
  ] as const)('%s', (_, other, likeness) => {
    expect(likenessOf(ann, other)).toBe(likeness)
    expect(likenessOf(other, ann)).toBe(likeness)
  })

  it('is the same seen from either side, and whole with oneself', () => {
    const person = fc.record({
      name: fc.constantFrom('Ann Meier', 'Anne Meier', 'A Meier', 'Tom Wood', 'Tom Woods'),
      birthDate: fc.constantFrom(null, '1971-03-03', '1980-01-01'),
      phone: fc.constantFrom('', '07700 900123', '+447700900123', '123'),
    })
    fc.assert(
      fc.property(person, person, (one, other) => {
        expect(likenessOf(one, other)).toBe(likenessOf(other, one))
        expect(likenessOf(one, one)).toBeGreaterThan(0)
      }),
    )
  })

  it('lists the likeliest first', () => {
    const unknown = { ...ann, birthDate: null, phone: '' }
    expect(likelyTwins(ann, [unknown, { ...ann, name: 'Zoe Wood' }, ann])).toEqual([ann, unknown])
  })
})

describe('the name in a search', () => {
  it.each([
    ['meier, ann 3/71', 'Ann Meier'],
    ['ann meier', 'Ann Meier'],
    ["sean o'brien-woods", "Sean O'Brien-Woods"],
    ['van der Berg', 'van der Berg'],
    ['07700 900123', ''],
    ['łucja müller', 'Łucja Müller'],
  ])('%s is %s', (text, name) => {
    expect(nameFromSearch(text)).toBe(name)
  })
})
