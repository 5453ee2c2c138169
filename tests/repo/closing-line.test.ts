import { expect, test } from 'vitest'
import { closing, marksSentence } from '#build/test.mjs'

test('the closing line sums all suites', () => {
  const skipped = [{ name: 'a', reason: 'IMPORT_SAMPLE is not set' }]
  expect(
    closing([
      { passed: 2, failed: [], skipped },
      { passed: 3, failed: [], skipped: [] },
    ]),
  ).toEqual({ line: '5 passed, 0 failed, 1 skipped', code: 0 })
})

test('one failure fails the run', () => {
  expect(closing([{ passed: 9, failed: [{ name: 'a', message: 'b' }], skipped: [] }])).toEqual({
    line: '9 passed, 1 failed, 0 skipped',
    code: 1,
  })
})

test('a run without any passed test is a failure', () => {
  expect(closing([]).code).toBe(1)
})

test('the sentence on patient data sums all servers and places', () => {
  const text = '{"marks":2,"lines":{"log":3}}\n{"marks":5,"lines":{"log":1,"broker":4}}\n'
  expect(marksSentence(text)).toBe('Patient data: 7 marks of 2 servers looked for in log 4 lines, broker 4 lines')
})
