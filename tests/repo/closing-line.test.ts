import { expect, test } from 'vitest'
import { closing } from '#build/test.mjs'

test('the closing line sums all suites', () => {
  const skipped = [{ name: 'a', reason: 'IMPORT_SAMPLE is not set' }]
  expect(
    closing([
      { passed: 2, failed: 0, skipped },
      { passed: 3, failed: 0, skipped: [] },
    ]),
  ).toEqual({ line: '5 passed, 0 failed, 1 skipped', code: 0 })
})

test('one failure fails the run', () => {
  expect(closing([{ passed: 9, failed: 1, skipped: [] }])).toEqual({ line: '9 passed, 1 failed, 0 skipped', code: 1 })
})

test('a run without any passed test is a failure', () => {
  expect(closing([]).code).toBe(1)
})
