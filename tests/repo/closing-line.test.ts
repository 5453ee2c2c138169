import { describe, expect, test } from 'vitest'
import { closing, lookAgain, marksSentence } from '#build/test.mjs'

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

const TOLD = { name: 'e2e/a > opens', message: 'nothing on the screen', file: 'e2e/a' }

describe('what failed in a browser', () => {
  const first = { passed: 7, failed: [TOLD], skipped: [] }

  test('and passes alone has passed, and is named as unsteady with what was wrong', async () => {
    const looked = await lookAgain(first, async (files) => {
      expect(files).toEqual(['e2e/a'])
      return { passed: 4, failed: [], skipped: [] }
    })
    expect(looked).toEqual({ passed: 8, failed: [], skipped: [], unsteady: ['e2e/a > opens\nnothing on the screen'] })
  })

  test('and fails again has failed', async () => {
    const again = { passed: 3, failed: [{ ...TOLD, message: 'still nothing' }], skipped: [] }
    expect(await lookAgain(first, async () => again)).toMatchObject({ passed: 7, failed: again.failed, unsteady: [] })
  })

  test('is not looked at again where it is many files, or none that is known', async () => {
    const never = () => Promise.reject(new Error('looked again'))
    const many = ['a', 'b', 'c', 'd'].map((file) => ({ ...TOLD, name: file, file }))
    expect((await lookAgain({ ...first, failed: many }, never)).failed).toEqual(many)
    const unknown = [{ name: 'outside any test', message: 'broken' }]
    expect((await lookAgain({ ...first, failed: unknown }, never)).failed).toEqual(unknown)
  })
})
