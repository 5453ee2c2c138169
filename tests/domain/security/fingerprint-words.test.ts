import { describe, expect, it } from 'vitest'
import { FINGERPRINT_WORDS, wordsOf } from '#domain/security/fingerprint-words.ts'
import { isClockRight, MAX_SKEW_MS, skewOf } from '#domain/time/clock-skew.ts'

describe('the words of a fingerprint', () => {
  it('are one for each byte, short, and told apart by their first four letters', () => {
    expect(FINGERPRINT_WORDS).toHaveLength(256)
    expect(new Set(FINGERPRINT_WORDS.map((word) => word.slice(0, 4))).size).toBe(256)
    for (const word of FINGERPRINT_WORDS) expect(word).toMatch(/^[a-z]{3,8}$/)
  })

  it('are the same for the same bytes, in order', () => {
    expect(wordsOf([0, 255, 0])).toEqual(['acorn', 'window', 'acorn'])
  })
})

describe('a clock', () => {
  const reading = (skew: number, wayMs = 0) => ({ askedAt: 0, answeredAt: wayMs, serverTime: wayMs / 2 + skew })

  it('is read in the middle of the way', () => expect(skewOf(reading(500, 3_000))).toBe(500))

  it('is right within two minutes either way', () => {
    for (const skew of [MAX_SKEW_MS, -MAX_SKEW_MS, 0]) expect(isClockRight(reading(skew))).toBe(true)
    for (const skew of [MAX_SKEW_MS + 1, -MAX_SKEW_MS - 1]) expect(isClockRight(reading(skew))).toBe(false)
  })

  it('is not blamed for a slow line', () => expect(isClockRight(reading(MAX_SKEW_MS + 5_000, 10_000))).toBe(true))
})
