import { expect, test } from 'vitest'
import en from '#locales/en.json' with { type: 'json' }
import { type MailKind, mailText } from '#server/operations/mail-texts.ts'

const kinds = Object.keys(en.mails.kinds) as MailKind[]
const values = {
  clinic: 'Łódź & Sons',
  link: 'https://clinic.test/account#a&b',
  code: 'KX7P-2M9Q',
  minutes: 10,
  hours: 24,
}

test.each(kinds)('the mail %s names the clinic, leaves nothing open, and says nothing about health', (kind) => {
  const { subject, text } = mailText(kind, values)
  const whole = `${subject}\n${text}`
  expect(whole).toContain('Łódź & Sons')
  expect(whole).not.toMatch(/\{\{|undefined|&amp;/)
  expect(whole).not.toMatch(/\b(visit|appointment|doctor|patient|diagnos|treat|health|ill)/i)
})

test('a name with line breaks adds no line', () => {
  const { text } = mailText('invitation', { ...values, clinic: 'A\n\nhttps://evil.test\u2028B' })
  expect(text).toContain('A https://evil.test B')
})

test('the seal opens under its own key, purpose and context only', async () => {
  const { createSeal } = await import('#server/operations/seal.ts')
  const key = 'a secret of the tests, 32 characters long'
  const seal = createSeal(key, 'mail')
  const sealed = seal.close('text', 'row 1')
  expect(seal.open(sealed, 'row 1')).toBe('text')
  expect(seal.open(sealed, 'row 2')).toBeNull()
  expect(createSeal(key, 'factor').open(sealed, 'row 1')).toBeNull()
  expect(createSeal(`${key}!`, 'mail').open(sealed, 'row 1')).toBeNull()
  expect(seal.open(`${sealed.slice(0, -2)}AA`, 'row 1')).toBeNull()
  expect(seal.open('', 'row 1')).toBeNull()
})
