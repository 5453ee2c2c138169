import { describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { createLogInThrottle } from '#server/operations/log-in-throttle.ts'
import { createPasswords, isAcceptablePassword, TooManyPasswordChecks } from '#server/operations/passwords.ts'

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

describe('a new password', () => {
  test.each([
    ['seven green umbrellas', true],
    ['пароль из слов', true],
    ['short', false],
    ['aaaaaaaaaaaaaa', false],
    ['passwordpassword', false],
    ['Password1234567', false],
    ['12345678901234', false],
    ['qwertyuiop1234', false],
    ['ada.lovelace 1815', false],
    ['x'.repeat(1025), false],
  ])('%.20s is taken: %s', (password, isTaken) => {
    expect(isAcceptablePassword(password, 'ada.lovelace@clinic.example')).toBe(isTaken)
  })
})

describe('the throttle of log-ins', () => {
  test('forgets nobody’s count while others flood it', () => {
    const throttle = createLogInThrottle({ windowMs: minutes(15), triesPerAccount: 2, triesPerAddress: 1_000_000 })
    expect([throttle.begin('a', 'victim', 0), throttle.begin('a', 'victim', 0)]).toEqual([0, 0])
    for (let count = 0; count < 20_000; count += 1) throttle.begin('a', `flood${count}`, 1)
    expect(throttle.begin('a', 'victim', 2)).toBe(15 * 60)
  })

  test('counts no success for the address, so a busy desk is not locked out', () => {
    const throttle = createLogInThrottle({ windowMs: minutes(15), triesPerAccount: 10, triesPerAddress: 3 })
    for (let count = 0; count < 20; count += 1) {
      expect(throttle.begin('desk', `person${count}`, 0)).toBe(0)
      throttle.succeed('desk', `person${count}`)
    }
  })
})
