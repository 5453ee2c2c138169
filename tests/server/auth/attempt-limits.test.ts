/** Guessing is slowed down, and nobody can be locked out for good by somebody else. */
import { describe, expect, test } from 'vitest'
import { minutes, seconds } from '#domain/time/instant.ts'
import { createAttempts, networkOf } from '#server/operations/attempt-limits.ts'

const LIMITS = {
  windowMs: minutes(15),
  triesPerAddress: 1_000_000,
  triesPerAccount: 3,
  triesPerAccountEverywhere: 10,
  paceMs: seconds(20),
}

test('forgets nobody’s count while others flood it', () => {
  const attempts = createAttempts({ windowMs: minutes(15), triesPerAccount: 2, triesPerAddress: 1_000_000 })
  expect([attempts.begin('a', 'victim', 0), attempts.begin('a', 'victim', 0)]).toEqual([0, 0])
  for (let count = 0; count < 20_000; count += 1) attempts.begin('a', `flood${count}`, 1)
  expect(attempts.begin('a', 'victim', 2)).toBe(15 * 60)
})

test('counts no success for the address, so a busy desk is not locked out', () => {
  const attempts = createAttempts({ windowMs: minutes(15), triesPerAccount: 10, triesPerAddress: 3 })
  for (let count = 0; count < 20; count += 1) {
    expect(attempts.begin('desk', `person${count}`, 0)).toBe(0)
    attempts.succeed('desk', `person${count}`, 0)
  }
})

describe('an attacker with many addresses', () => {
  /** Uses the account's tries from everywhere up, each from an address of its own. */
  const besieged = (at = 0) => {
    const attempts = createAttempts(LIMITS)
    attempts.begin('home', 'victim', at)
    attempts.succeed('home', 'victim', at)
    for (let count = 0; count < 10; count += 1) expect(attempts.begin(`bot${count}`, 'victim', at)).toBe(0)
    return attempts
  }

  test('is let through one try at a time', () => {
    const attempts = besieged()
    expect(attempts.begin('bot99', 'victim', 0)).toBe(20)
    expect(attempts.begin('bot99', 'victim', seconds(20))).toBe(0)
    expect(attempts.begin('bot98', 'victim', seconds(20) + 1)).toBe(20)
    expect(attempts.begin('bot98', 'victim', seconds(40))).toBe(0)
  })

  test('never stops a person where they have signed in before', () => {
    const attempts = besieged()
    attempts.begin('bot99', 'victim', seconds(20))
    expect(attempts.begin('home', 'victim', seconds(20))).toBe(0)
  })

  test('stops a person elsewhere for one pace, not for the window', () => {
    const attempts = besieged()
    expect(attempts.begin('hotel', 'victim', seconds(1))).toBeLessThanOrEqual(20)
    expect(attempts.begin('hotel', 'victim', seconds(21))).toBe(0)
  })

  test('and a known place has its own narrow limit all the same', () => {
    const attempts = besieged()
    for (let count = 0; count < 3; count += 1) expect(attempts.begin('home', 'victim', 1)).toBe(0)
    expect(attempts.begin('home', 'victim', 2)).toBe(15 * 60)
  })
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
