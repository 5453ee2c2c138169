import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHANNELS, KIND_RULES, MESSAGE_KINDS, MESSAGE_VARIABLES } from '#domain/message/message-kinds.ts'
import { checkTemplate, renderTemplate, type Template } from '#domain/message/template.ts'
import { seeded } from '#tests/support/seeded.ts'

const mute = { acceptsReplies: false }
const rulesOf = (template: Partial<Template>, channel: 'email' | 'sms' | 'app' = 'email', context = mute) =>
  checkTemplate('reminder', channel, { subject: 'Visit', body: '{{day}} {{time}}', ...template }, context).map(
    ({ field, rule, variable }) => [field, rule, variable].filter(Boolean).join(' '),
  )

describe('a template is checked', () => {
  test('and a right one has no problem, blanks inside the braces or not', () => {
    expect(rulesOf({ body: 'On {{ day }} at {{time}}, {{doctorName}}' })).toEqual([])
  })

  test.each([
    [{ body: '{{day}} {{time}} {{reason}}' }, 'body unknown-variable reason'],
    [{ body: '{{day}} {{time}} {{typeName}}' }, 'body unknown-variable typeName'],
    [{ body: '{{day}} {{time}} {{constructor}}' }, 'body unknown-variable constructor'],
    [{ body: '{{day}} only' }, 'body missing-variable time'],
    [{ body: '{{day}} {{time}} {{place' }, 'body unclosed-braces'],
    [{ body: '{{day}} {{time}} place}}' }, 'body unclosed-braces'],
    [{ body: '{{day}} {{time}} {{ }}' }, 'body unclosed-braces'],
    [{ body: `{{day}} {{time}} ${'x'.repeat(5_000)}` }, 'body too-long'],
    [{ body: '{{day}} {{time}} \u0007' }, 'body control-character'],
    [{ body: '{{day}} {{time}} \u202egnp' }, 'body control-character'],
    [{ subject: 'x'.repeat(151) }, 'subject too-long'],
    [{ subject: '' }, 'subject empty'],
    [{ subject: 'Visit\nBcc: all@clinic.test' }, 'subject line-break'],
    [{ subject: 'Visit\u2028Bcc: all@clinic.test' }, 'subject line-break'],
    [{ subject: '{{diagnosis}}' }, 'subject unknown-variable diagnosis'],
  ])('%j breaks the rule: %s', (part, problem) => {
    expect(rulesOf(part)).toEqual([problem])
  })

  test('a carriage return in a subject breaks two rules', () => {
    expect(rulesOf({ subject: 'Visit\r\nX: 1' })).toEqual(['subject line-break', 'subject control-character'])
  })

  test('by SMS there is no subject, and a reminder tells the code where replies are acted on', () => {
    expect(rulesOf({}, 'sms')).toEqual(['subject unused-field'])
    expect(rulesOf({ subject: '' }, 'sms')).toEqual([])
    expect(rulesOf({ subject: '' }, 'sms', { acceptsReplies: true })).toEqual(['body missing-variable code'])
    expect(rulesOf({ subject: '', body: '{{day}} {{time}} {{code}}' }, 'sms', { acceptsReplies: true })).toEqual([])
  })

  test('by SMS its size with usual values counts: three messages at most', () => {
    const body = (size: number) => `{{day}} {{time}} ${'x'.repeat(size)}`
    const values = 'Wed, Oct 14 10:30 AM '.length
    expect(rulesOf({ subject: '', body: body(459 - values) }, 'sms')).toEqual([])
    expect(rulesOf({ subject: '', body: body(460 - values) }, 'sms')).toEqual(['body too-long'])
  })

  test('no kind offers a variable that could tell what a visit is for', () => {
    for (const kind of MESSAGE_KINDS) {
      expect(MESSAGE_VARIABLES).toEqual(expect.arrayContaining([...KIND_RULES[kind].variables]))
      expect(KIND_RULES[kind].variables).toEqual(expect.arrayContaining([...KIND_RULES[kind].required]))
    }
    expect(MESSAGE_VARIABLES.filter((name) => /reason|type|note|alert|speciali/i.test(name))).toEqual([])
  })

  test('what protects an account waits for nothing, what an undo can take back waits', () => {
    const waiting = MESSAGE_KINDS.filter((kind) => KIND_RULES[kind].isDelayed)
    expect(waiting).toEqual(['booked', 'confirmed', 'moved', 'cancelled', 'placed'])
    const urgent = MESSAGE_KINDS.filter((kind) => !KIND_RULES[kind].keepsQuietHours)
    expect(urgent).toEqual(['device-revoked', 'new-device-sign-in'])
    expect(MESSAGE_KINDS.every((kind) => KIND_RULES[kind].channels.every((each) => CHANNELS.includes(each)))).toBe(true)
  })
})

describe('a template is rendered', () => {
  const render = (body: string, values: object) => renderTemplate({ subject: body, body }, values)

  test('a value is text, never a template', () => {
    expect(render('{{firstName}} {{day}}', { firstName: '{{day}}', day: '$& {{code}}' }).body).toBe(
      '{{day}} $& {{code}}',
    )
  })

  test('a value adds no line and no header', () => {
    const { subject, body } = render('Hello {{firstName}}', { firstName: 'Eve\r\nBcc: all@clinic.test\u202e' })
    expect([subject, body]).toEqual(Array(2).fill('Hello Eve Bcc: all@clinic.test'))
  })

  test('what has no value leaves no hole', () => {
    expect(render('Hello {{firstName}},\n{{clinicPhone}}\n{{place}}\nBye', { place: 'Mill Lane' }).body).toBe(
      'Hello,\nMill Lane\nBye',
    )
  })

  test('whatever the values hold, the subject stays one line and the body keeps its lines', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(anyText, anyText, (firstName, place) => {
        const { subject, body } = render('A {{firstName}}\nB {{place}} C', { firstName, place })
        expect(subject).not.toMatch(/[\r\n\u2028\u2029\0]/)
        expect(body.split(/[\r\n\u2028\u2029]/)).toHaveLength(2)
      }),
      seeded(),
    )
  })
})
