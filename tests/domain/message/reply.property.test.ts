import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CODE_LETTERS,
  codeFrom,
  decideReply,
  MOST_WRONG_TRIES,
  matchesNumber,
  parseReply,
} from '#domain/message/reply.ts'
import { seeded } from '#tests/support/seeded.ts'

const confirm = { action: 'confirm', code: 'K7M2' }
const cancel = { action: 'cancel', code: 'K7M2' }
const anyCode = fc.array(fc.constantFrom(...CODE_LETTERS), { minLength: 4, maxLength: 4 }).map((all) => all.join(''))

describe('a reply', () => {
  test.each([
    '1 K7M2',
    'yes k7m2',
    'K7M2 YES',
    'YES, K7M2.',
    'yes-k7m2!',
    'Yes please K7M2 thanks',
    '1K7M2',
    'YESK7M2',
  ])('%s confirms', (text) => expect(parseReply(text)).toEqual(confirm))
  test.each(['ja k7m2', 'BESTÄTIGEN K7M2', 'bestätige: K7M2', 'tak K7M2', 'Potwierdzam K7M2', 'tak k 7 m 2'])(
    '%s confirms too',
    (text) => expect(parseReply(text)).toEqual(confirm),
  )
  test.each([
    '2 K7M2',
    'no K7M2',
    'Cancel K7M2',
    'nein, K7M2',
    'Absagen K7M2',
    'NIE K7M2',
    'odwołuję K7M2',
    '２　K7M2',
  ])('%s cancels', (text) => expect(parseReply(text)).toEqual(cancel))
  test.each([
    ['yes', 'no-code'],
    ['1', 'no-code'],
    ['K7M2', 'no-action'],
    ['', 'unclear'],
    ['do not cancel K7M2', 'unclear'],
    ['yes no K7M2', 'unclear'],
    ['yes K7M2 H4T9', 'unclear'],
    ['yes K7M', 'unclear'],
    ['yes K7M22', 'unclear'],
    ['I will be late', 'unclear'],
    ['yes K7O1', 'unclear'],
    // Cancel K7M2, or cancel 2K7M?
    ['2K7M2', 'unclear'],
  ])('%s is left to a person: %s', (text, ambiguous) => {
    expect(parseReply(text)).toEqual({ ambiguous })
  })
  test.each(['STOP', 'stop.', 'Unsubscribe', 'ABMELDEN please'])('%s ends texts to the number', (text) => {
    expect(parseReply(text)).toEqual({ action: 'stop' })
  })
  test('START begins them again', () => expect(parseReply('start')).toEqual({ action: 'start' }))

  test('with any code is read as it was meant, in any case and with any punctuation', () => {
    const word = fc.constantFrom(
      ['1', 'confirm'],
      ['yes', 'confirm'],
      ['tak', 'confirm'],
      ['2', 'cancel'],
      ['NIE', 'cancel'],
    )
    const gap = fc.constantFrom(' ', ', ', ' - ', '\n', ': ')
    fc.assert(
      fc.property(word, anyCode, gap, fc.boolean(), ([text, action], code, between, isLower) => {
        const typed = isLower ? code.toLowerCase() : code
        expect(parseReply(`${text}${between}${typed}`)).toEqual({ action, code })
        expect(parseReply(`${typed}${between}${text}!`)).toEqual({ action, code })
      }),
      seeded(),
    )
  })

  test('never throws, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseReply(text)).toBeTypeOf('object')
      }),
      seeded(),
    )
  })
})

describe('what a reply does', () => {
  const ann = { id: 'a', phone: '+48600100200', code: 'K7M2' }
  const bob = { id: 'b', phone: '+48600100200', code: 'H4T9' }
  const eve = { id: 'e', phone: '+447911123456', code: 'K7M2' }
  const pending = [ann, bob, eve]
  const yes = parseReply('yes K7M2')

  test('it acts when number and code name one message', () => {
    expect(decideReply(yes, pending, ann.phone, 0)).toEqual({ do: 'confirm', messageId: 'a' })
    expect(decideReply(yes, pending, '+44 7911 123456', 0)).toEqual({ do: 'confirm', messageId: 'e' })
    expect(decideReply(parseReply('no H4T9'), pending, ann.phone, 4)).toEqual({ do: 'cancel', messageId: 'b' })
  })

  test('the right code from another number is a wrong try, and so is a wrong code', () => {
    expect(decideReply(yes, pending, '+48600100201', 0)).toEqual({
      do: 'task',
      reason: 'unknown-number',
      isWrongTry: true,
    })
    expect(decideReply(parseReply('yes 2222'), pending, ann.phone, 0)).toEqual({
      do: 'task',
      reason: 'wrong-code',
      isWrongTry: true,
    })
  })

  test('two messages with one code on one number are a task', () => {
    expect(decideReply(yes, [ann, { ...ann, id: 'c' }], ann.phone, 0)).toMatchObject({ do: 'task', reason: 'several' })
  })

  test('a number is locked after its wrong tries, but may still say stop', () => {
    expect(decideReply(yes, pending, ann.phone, MOST_WRONG_TRIES)).toEqual({ do: 'locked' })
    expect(decideReply(parseReply('STOP'), pending, ann.phone, MOST_WRONG_TRIES)).toEqual({ do: 'opt-out' })
  })

  test('an unclear text is a task and no wrong try', () => {
    expect(decideReply(parseReply('see you'), pending, ann.phone, 0)).toEqual({
      do: 'task',
      reason: 'unclear',
      isWrongTry: false,
    })
    expect(decideReply(parseReply('start'), pending, ann.phone, 0)).toEqual({ do: 'opt-in' })
  })

  test('it never touches a message of another number or another code', () => {
    const message = fc.record({
      id: fc.uuid(),
      phone: fc.constantFrom('+48600100200', '+48600100201', '+447911123456'),
      code: fc.constantFrom('K7M2', 'H4T9', 'CCCC'),
    })
    fc.assert(
      fc.property(fc.array(message), message, (all, { phone, code }) => {
        const decision = decideReply({ action: 'cancel', code }, all, phone, 0)
        const fitting = all.filter((each) => each.phone === phone && each.code === code)
        if (fitting.length === 1) expect(decision).toEqual({ do: 'cancel', messageId: fitting[0]?.id })
        else expect(decision.do).toBe('task')
      }),
      seeded(),
    )
  })
})

test('numbers match in their international form only', () => {
  expect(matchesNumber('+48 600-100-200', '0048600100200')).toBe(true)
  expect(matchesNumber('600100200', '600100200')).toBe(false)
  expect(matchesNumber('+48600100200', '+48600100201')).toBe(false)
  expect(matchesNumber('', '')).toBe(false)
})

test('codes come from all letters alike, and from nothing else', () => {
  expect(codeFrom(Uint8Array.from([0, 21, 22, 43]))).toBe('2X2X')
  expect(codeFrom(Uint8Array.from([255, 250, 242, 1]))).toBe(null)
  expect(codeFrom(Uint8Array.from([255, 0, 0, 0, 0]))).toBe('2222')
})
