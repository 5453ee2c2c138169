import { describe, expect, test } from 'vitest'
import { createPasswords, TooManyPasswordChecks } from '#server/operations/passwords.ts'

describe('password checks', () => {
  test('a hash is argon2id at 19 MiB and two passes, and another one every time', async () => {
    const passwords = await createPasswords()
    const [one, two] = [await passwords.hash('four words in a row'), await passwords.hash('four words in a row')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(two)
    expect(await passwords.isRight('four words in a row', two)).toBe(true)
    expect(await passwords.isRight('four words in a column', two)).toBe(false)
  })

  test('the same letters typed on another system are the same password', async () => {
    const passwords = await createPasswords()
    const hash = await passwords.hash('zaz\u0307o\u0301lc\u0301 ge\u0328s\u0301la\u0328')
    expect(
      await passwords.isRight('za\u017c\u00f3\u0142\u0107 g\u0119\u015bl\u0105'.replace('\u0142', 'l'), hash),
    ).toBe(true)
  })

  test('a long queue is refused rather than grown, and empties again', async () => {
    const passwords = await createPasswords({ atOnce: 1, longestQueue: 2 })
    const hash = await passwords.hash('four words in a row')
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => passwords.isRight('a guess', hash)))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect(results[3]).toMatchObject({ reason: expect.any(TooManyPasswordChecks) })
    expect(await passwords.isRight('four words in a row', hash)).toBe(true)
  })

  test('a hash made at another cost is outdated', async () => {
    const passwords = await createPasswords()
    expect(passwords.isOutdated('$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$aGFzaA')).toBe(true)
    expect(passwords.isOutdated('$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA')).toBe(true)
  })
})
