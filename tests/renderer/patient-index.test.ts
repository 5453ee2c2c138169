import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { normalised } from '#domain/people/name-search.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { openPatientDirectory } from '#renderer/local-db/patient-directory.ts'
import { PatientIndex } from '#renderer/local-db/patient-index.ts'
import { digitKeys, parseAsked } from '#renderer/local-db/patient-keys.ts'
import { aPatient, testId } from '#tests/support/builders.ts'
import { aLocalDesk } from '#tests/support/local-desk.ts'
import { testRandom } from '#tests/support/seeded.ts'

const anIndex = (...patients: Parameters<typeof aPatient>[0][]) => {
  const index = new PatientIndex()
  patients.forEach((part, number) => void index.put(aPatient({ id: testId('Patient', number + 1), ...part })))
  return index
}
const names = (index: PatientIndex, text: string) => index.search(text).map(({ name }) => name)

describe('a patient is found', () => {
  const index = anIndex(
    { name: 'Łucja Müller-Öz', birthDate: '1980-03-01', phone: '+49 170 123 45 67' },
    { name: 'Anna An', birthDate: '1999-12-31', phone: '0301234599' },
    { name: 'محمد علي', birthDate: '1970-01-02' },
    { name: '李 小龙', birthDate: '1940-11-27' },
    { name: 'Straße Weiß', birthDate: null },
  )

  it.each([
    ['the surname', 'mül', 'Łucja Müller-Öz'],
    ['the surname without its marks', 'muller', 'Łucja Müller-Öz'],
    ['the first name without its stroke', 'lucj', 'Łucja Müller-Öz'],
    ['the second half of a double name', 'oz', 'Łucja Müller-Öz'],
    ['surname and first name in either order', 'mul luc', 'Łucja Müller-Öz'],
    ['first name and surname', 'LUC MÜL', 'Łucja Müller-Öz'],
    ['another script', 'مح', 'محمد علي'],
    ['one letter of a script that has many', '李', '李 小龙'],
    ['ß written as ss', 'strasse weiss', 'Straße Weiß'],
    ['the birth date as it is spoken', '1.3.1980', 'Łucja Müller-Öz'],
    ['the birth date day first without separators', '0103', 'Łucja Müller-Öz'],
    ['the birth date month first', '3/1/1980', 'Łucja Müller-Öz'],
    ['the birth date as it is written', '1980-03-01', 'Łucja Müller-Öz'],
    ['the year of birth', '1940', '李 小龙'],
    ['the name and the year of birth', 'anna 1999', 'Anna An'],
    ['the phone with its country code', '+49 170 12', 'Łucja Müller-Öz'],
    ['the phone with 00', '0049170', 'Łucja Müller-Öz'],
    ['the phone without its country code', '170 123', 'Łucja Müller-Öz'],
    ['the phone without its first zero', '30123', 'Anna An'],
    ['the last four of the phone', '4567', 'Łucja Müller-Öz'],
    ['surname, first name', 'müll, luc', 'Łucja Müller-Öz'],
    ['month and year of birth', 'mul 3/80', 'Łucja Müller-Öz'],
    ['month and whole year of birth', '3/1980', 'Łucja Müller-Öz'],
    ['the birth date in six digits', '010380', 'Łucja Müller-Öz'],
    ['the birth date with a short year', '31.12.99', 'Anna An'],
  ])('by %s: %s', (_, text, name) => {
    expect(names(index, text)).toEqual([name])
  })

  it('by each word once: `an anna` asks for two words', () => {
    expect(names(index, 'an anna')).toEqual(['Anna An'])
    expect(names(index, 'anna anna')).toEqual([])
  })

  it('by nothing that is not there', () => {
    expect(names(index, 'mul 1999')).toEqual([])
    expect(names(index, '  - ')).toEqual([])
    expect(names(index, '')).toEqual([])
  })
})

describe('the index', () => {
  it('lists in the order of what was typed, and no more than asked for', () => {
    const index = anIndex({ name: 'Zoe Adler' }, { name: 'Adam Baker' }, { name: 'Ada Zimmer' })
    expect(names(index, 'ad')).toEqual(['Ada Zimmer', 'Adam Baker', 'Zoe Adler'])
    expect(index.search('ad', 2)).toHaveLength(2)
    const [, , zimmer = testId('Patient')] = [1, 2, 3].map((number) => testId('Patient', number))
    expect(index.search('ad', 2, [testId('Patient', 1), zimmer]).map(({ name }) => name)).toEqual([
      'Zoe Adler',
      'Ada Zimmer',
    ])
    expect(index.search('bak', 2, [zimmer]).map(({ name }) => name)).toEqual(['Adam Baker'])
  })

  it('follows a change of name and forgets the old one', () => {
    const index = anIndex({ name: 'Ada Maiden' })
    index.put(aPatient({ name: 'Ada Married' }))
    expect([names(index, 'maid'), names(index, 'marr'), index.size]).toEqual([[], ['Ada Married'], 1])
    index.remove(testId('Patient'))
    expect([names(index, 'ada'), index.get(testId('Patient')), index.size]).toEqual([[], undefined, 0])
  })

  it('agrees with a scan of all names, whatever is typed', () => {
    const random = testRandom()
    const syllables = ['an', 'na', 'mü', 'ler', 'o', 'zu', 'ka', 'ri']
    const word = () => Array.from({ length: random.between(1, 3) }, () => random.pick(syllables)).join('')
    const patients = Array.from({ length: 300 }, (_, number) =>
      aPatient({ id: testId('Patient', number), name: `${word()} ${word()}` }),
    )
    const index = new PatientIndex()
    for (const patient of patients) index.put(patient)
    for (let tries = 0; tries < 100; tries += 1) {
      const typed = word().slice(0, random.between(1, 4))
      const expected = patients.filter(({ name }) =>
        normalised(name)
          .split(' ')
          .some((part) => part.startsWith(normalised(typed))),
      )
      const found = index.search(typed, 1_000).map(({ id }) => id)
      expect(found.sort()).toEqual(expected.map(({ id }) => id).sort())
    }
  })
})

describe('everybody', () => {
  it('is listed by surname', () => {
    const index = anIndex({ name: 'Zoe Adler' }, { name: 'Ada Zimmer' }, { name: 'Adam van Baker' }, { name: 'Cher' })
    expect(index.list().map(({ name }) => name)).toEqual(['Zoe Adler', 'Adam van Baker', 'Cher', 'Ada Zimmer'])
  })
})

describe('keys and typing', () => {
  it('reads words, dates and numbers apart', () => {
    expect(parseAsked('Mül 1.3.1980')).toEqual({ words: ['mul'], numbers: [['01031980']] })
    expect(parseAsked('1980-3')).toEqual({ words: [], numbers: [['198003']] })
    expect(parseAsked('+49 (0)170')).toEqual({ words: [], numbers: [['490170']] })
  })

  it('reads a number in every way in which it may be meant', () => {
    expect(parseAsked('mei 3/71').numbers).toEqual([['0371', '197103', '207103', '187103']])
    expect(parseAsked('091280').numbers).toEqual([['091280', '09121980', '09122080', '09121880']])
    expect(parseAsked('4.5.99').numbers).toEqual([['04051999', '04052099', '04051899']])
    expect(parseAsked('993280').numbers).toEqual([['993280']])
  })

  it('makes no key of a phone without digits', () => {
    expect(digitKeys({ birthDate: null, phone: 'unknown' })).toEqual([])
  })
})

describe('the directory', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await aLocalDesk()
  })
  afterEach(() => desk.database.close())

  it('holds what lies in the database and follows what comes, changes and goes', async () => {
    const directory = openPatientDirectory(desk.database)
    let told = 0
    directory.subscribe(() => {
      told += 1
    })
    await vi.waitFor(() => expect(directory.isComplete()).toBe(true))
    expect(directory.get(testId('Patient'))?.name).toBe('Pat Example')
    await desk.database.patients.insert(aPatient({ id: testId('Patient', 2), name: 'Ada New' }))
    expect(directory.search('new')).toHaveLength(1)
    const document = await desk.database.patients.findOne(testId('Patient', 2)).exec()
    await (await document?.incrementalPatch({ name: 'Ada Newer' }))?.remove()
    expect(directory.search('new')).toEqual([])
    await vi.waitFor(() => expect(told).toBeGreaterThan(0))
    directory.close()
    expect([directory.size(), directory.get(testId('Patient'))]).toEqual([0, undefined])
  })
})
