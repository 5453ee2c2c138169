import { expect, test } from 'vitest'
import { queryOfTokens, readToken, type Token, withToken } from '#domain/settings/activity-tokens.ts'

const WORDS = { who: 'wer', patient: 'Patient', action: 'was', desk: 'Platz', via: 'über', from: 'ab', to: 'bis' }
const who: Token = { key: 'who', value: 'u1', label: 'Robin' }

test('a key is understood in English and in the reader’s language, whatever the case', () => {
  expect(readToken('who: rob', WORDS)).toEqual({ key: 'who', rest: 'rob' })
  expect(readToken('WER:rob', WORDS)).toEqual({ key: 'who', rest: 'rob' })
  expect(readToken('platz:', WORDS)).toEqual({ key: 'desk', rest: '' })
})

test('text without a key, or with one that is none, is text', () => {
  expect(readToken(' rob ', WORDS)).toEqual({ key: null, rest: 'rob' })
  expect(readToken('colour: red', WORDS)).toEqual({ key: null, rest: 'colour: red' })
})

test('a key stands once, and the question names each as the server does', () => {
  const other: Token = { key: 'who', value: 'u2', label: 'Alex' }
  const tokens = withToken(withToken([who], { key: 'from', value: '2026-11-01', label: '1 Nov' }), other)
  expect(tokens.map(({ label }) => label)).toEqual(['Alex', '1 Nov'])
  expect(queryOfTokens(tokens)).toEqual({ userId: 'u2', from: '2026-11-01' })
})
