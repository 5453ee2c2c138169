import { expect, test } from 'vitest'
import { ImportRefused, parseImportArguments } from '#server/import/import-arguments.ts'

test('names are read from where the command was typed', () => {
  const asked = parseImportArguments(
    ['visits.csv', '--mapping', 'vitoria-no-show', '--dry-run', '--data', 'clinic'],
    '/typed-in',
  )
  expect(asked).toMatchObject({ file: '/typed-in/visits.csv', isDryRun: true, dataDir: '/typed-in/clinic' })
  expect(asked.mapping.name).toBe('vitoria-no-show')
})

test.each([
  [[], 'Name one file.'],
  [['a.csv', 'b.csv', '--mapping', 'vitoria-no-show'], 'Name one file.'],
  [['a.csv'], 'Name a mapping that exists.'],
  [['a.csv', '--mapping', 'other'], 'vitoria-no-show: Visits of the public clinics'],
  [['a.csv', '--mapping', 'vitoria-no-show', '--fast'], "Unknown option '--fast'"],
])('%j is refused with a sentence and the usage', (argv, sentence) => {
  expect(() => parseImportArguments(argv, '/')).toThrow(ImportRefused)
  expect(() => parseImportArguments(argv, '/')).toThrow(sentence)
  expect(() => parseImportArguments(argv, '/')).toThrow('Usage: npm run import -- FILE --mapping NAME')
})
