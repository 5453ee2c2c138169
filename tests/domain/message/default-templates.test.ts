import { describe, expect, test } from 'vitest'
import { dayText, timeText } from '#domain/message/day-text.ts'
import { defaultTemplate, languageOf, parseCatalogue } from '#domain/message/default-templates.ts'
import { CHANNELS, MESSAGE_KINDS } from '#domain/message/message-kinds.ts'
import { fitSms, plainForSms, smsSize } from '#domain/message/sms-length.ts'
import { checkTemplate, renderTemplate, SAMPLE_VALUES } from '#domain/message/template.ts'
import { MESSAGE_CATALOGUES } from '#server/messages/message-catalogues.ts'

const LANGUAGES = Object.keys(MESSAGE_CATALOGUES)
const CASES = LANGUAGES.flatMap((language) =>
  MESSAGE_KINDS.flatMap((kind) => CHANNELS.map((channel) => [language, kind, channel] as const)),
)

describe.each(CASES)('the text that comes with the product, %s %s by %s', (language, kind, channel) => {
  test.each([true, false])('obeys the rules of templates; replies %s', (acceptsReplies) => {
    const template = defaultTemplate(MESSAGE_CATALOGUES, { kind, channel, language, acceptsReplies })
    expect(checkTemplate(kind, channel, template, { acceptsReplies })).toEqual([])
    const values = {
      ...SAMPLE_VALUES,
      day: dayText('2026-10-14', language, channel === 'sms' ? 'short' : 'long'),
      time: timeText('10:30', language),
    }
    const { body } = renderTemplate(template, values)
    expect(body).not.toMatch(/\{\{|\}\}|undefined/)
    if (channel !== 'sms') return
    // Arabic needs the wide alphabet, in which a message has less than half the room.
    const room = language === 'ar' ? 2 : 1
    const sent = fitSms(body, room, values.code)
    expect(smsSize(sent)).toMatchObject({ encoding: language === 'ar' ? 'ucs-2' : 'gsm-7' })
    expect(smsSize(sent).segments).toBeLessThanOrEqual(room)
    // It fits by itself: nothing was cut off.
    expect(sent.endsWith('...')).toBe(false)
    expect(sent.slice(-3)).toBe(plainForSms(body).slice(-3))
    expect(sent.includes('K7M2')).toBe(kind === 'reminder' && acceptsReplies)
  })
})

test('a language falls back to the one without its region, then to English', () => {
  expect(['de-AT', 'pl', 'PL', 'fr', '', 'constructor'].map((tag) => languageOf(MESSAGE_CATALOGUES, tag))).toEqual([
    'de',
    'pl',
    'pl',
    'en',
    'en',
    'en',
  ])
})

test('a catalogue that lacks a kind, or has an unknown one, is refused', () => {
  const { booked: _, ...kinds } = MESSAGE_CATALOGUES.en.kinds
  expect(() => parseCatalogue({ ...MESSAGE_CATALOGUES.en, kinds })).toThrow(TypeError)
  expect(() => parseCatalogue({ ...MESSAGE_CATALOGUES.en, kinds: { ...kinds, booked: _, lost: _ } })).toThrow(TypeError)
})

test('days and times are written in the language of the message, with plain blanks', () => {
  expect(dayText('2026-10-14', 'pl', 'long')).toBe('środa, 14 października')
  expect(dayText('2026-10-14', 'de', 'long')).toBe('Mittwoch, 14. Oktober')
  expect(dayText('2026-10-14', 'en', 'short')).toBe('Wed, Oct 14')
  expect([timeText('14:05', 'de'), timeText('14:05', 'pl'), timeText('14:05', 'en-GB')]).toEqual(Array(3).fill('14:05'))
  expect([timeText('14:05', 'en'), timeText('00:05', 'en'), timeText('12:00', 'en')]).toEqual([
    '2:05 PM',
    '12:05 AM',
    '12:00 PM',
  ])
  expect(timeText('14:05', 'no such tag!')).toBe('2:05 PM')
})
