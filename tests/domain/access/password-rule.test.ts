import { describe, expect, test } from 'vitest'
import { isAcceptablePassword } from '#domain/access/password-rule.ts'

const OWN = ['Zoë Anderson', 'zoe.anderson@northclinic.test', 'North Clinic']

describe('a password may be set', () => {
  test.each([
    'four words in a row',
    'blue teapot on the moon',
    'xK9#mQ2vLp8!',
    'śnieg pada na dachy',
    '830917264058',
    '这是一个非常好的密码短语啊',
    'x7'.concat('kq pd mz vu tr wn'.repeat(60)).slice(0, 1024),
  ])('%s', (password) => {
    expect(isAcceptablePassword(password, OWN)).toBe(true)
  })
})

describe('a password may not be set', () => {
  test.each([
    ['eleven characters', 'xK9#mQ2vLp8'],
    ['more than 1024 characters', 'kq pd mz vu tr wn'.repeat(61)],
    ['one character', 'aaaaaaaaaaaaaaaa'],
    ['few characters', 'abababcabcabab'],
    ['a piece again and again', 'xkcdpxkcdpxkcdp'],
    ['digits in order', '123456789012'],
    ['digits of a birthday', '24121980 1980'],
    ['a row of the keyboard', 'qwertyuiop1234'],
    ['the alphabet', 'abcdefghijkl'],
    ['the alphabet backwards', 'zyxwvutsrqponm'],
    ['columns of the keyboard', '1qaz2wsx3edc4rfv'],
    ['a common word with digits', 'Password2026!'],
    ['a common word in disguise', 'P@$$w0rd1234'],
    ['common words in a row', 'correct horse battery staple'],
    ['two common words and a year', 'SummerSunshine2026'],
    ['the name of the product', 'Healthcare-Appointments-1'],
    ['a common word and some digits', 'password48271'],
    ['the own name', 'zoeanderson1988'],
    ['the own name without its accent', 'ZoëAnderson!!!!'],
    ['the own address', 'anderson@northclinic'],
    ['the clinic', 'NorthClinic2026!'],
  ])('%s', (_, password) => {
    expect(isAcceptablePassword(password, OWN)).toBe(false)
  })
})
