import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitSms, plainForSms, smsSize } from '#domain/message/sms-length.ts'
import { seeded } from '#tests/support/seeded.ts'

describe('the size of an SMS', () => {
  test.each([
    ['', 'gsm-7', 0, 0],
    ['a'.repeat(160), 'gsm-7', 160, 1],
    ['a'.repeat(161), 'gsm-7', 161, 2],
    ['a'.repeat(306), 'gsm-7', 306, 2],
    ['a'.repeat(307), 'gsm-7', 307, 3],
    ['€'.repeat(80), 'gsm-7', 160, 1],
    ['€'.repeat(81), 'gsm-7', 162, 2],
    // An escape is not torn: 76 of them in each part of 153.
    ['€'.repeat(152), 'gsm-7', 304, 2],
    ['€'.repeat(153), 'gsm-7', 306, 3],
    ['ł'.repeat(70), 'ucs-2', 70, 1],
    ['ł'.repeat(71), 'ucs-2', 71, 2],
    ['ł'.repeat(134), 'ucs-2', 134, 2],
    ['ł'.repeat(135), 'ucs-2', 135, 3],
    ['😀'.repeat(35), 'ucs-2', 70, 1],
    // 33 pairs in each part of 67.
    ['😀'.repeat(66), 'ucs-2', 132, 2],
    ['😀'.repeat(67), 'ucs-2', 134, 3],
    ['@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€', 'gsm-7', 60, 1],
    ['ç`', 'ucs-2', 2, 1],
  ])('%s', (text, encoding, units, segments) => {
    expect(smsSize(text)).toEqual({ encoding, units, segments })
  })
})

test('accents and typographic marks are spelled in the cheap alphabet, other scripts are left alone', () => {
  expect(plainForSms('środa, 14 października – „Łódź”…')).toBe('sroda, 14 pazdziernika - "Lodz"...')
  expect(plainForSms('Grüße')).toBe('Grüße')
  expect(plainForSms('Łódź 你好')).toBe('Łódź 你好')
})

describe('a text that is fitted', () => {
  test('keeps the code when the end is cut off', () => {
    const text = `${'A very long clinic name '.repeat(20)}reply K7M2`
    const fitted = fitSms(text, 1, 'K7M2')
    expect(fitted).toMatch(/^A very long .*\.\.\. K7M2$/)
    expect(smsSize(fitted).segments).toBe(1)
  })

  test('stays within the segments, whole in its characters, with the code, whatever stands in it', () => {
    const unit = fc.oneof(
      fc.constantFrom('a', ' ', '€', 'ł', '😀', '👩‍👩‍👧', 'e\u0301', '🇵🇱', '你', '\n'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    )
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 500 }).map((units) => units.join('')),
        fc.integer({ min: 1, max: 3 }),
        (before, segments) => {
          const text = `${before} K7M2`
          const fitted = fitSms(text, segments, 'K7M2')
          expect(smsSize(fitted).segments).toBeLessThanOrEqual(segments)
          expect(fitted).toContain('K7M2')
          expect(fitted.isWellFormed()).toBe(true)
          const head = fitted.replace(/\.\.\.( K7M2)?$/, '')
          const graphemes = (value: string) => Array.from(new Intl.Segmenter().segment(value), (each) => each.segment)
          const whole = [text, plainForSms(text)].map(graphemes)
          expect(whole.some((all) => all.slice(0, graphemes(head).length).join('') === head)).toBe(true)
        },
      ),
      seeded(300),
    )
  })

  test('that needs no cut is the same text', () => {
    expect(fitSms('Visit on Wed, 10:30. K7M2', 1, 'K7M2')).toBe('Visit on Wed, 10:30. K7M2')
  })
})
