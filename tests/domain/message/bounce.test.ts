import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBounce } from '#domain/message/bounce.ts'
import { aBounce } from '#tests/support/bounce.ts'

test.each([
  ['failed', 'failed'],
  ['delivered', 'delivered'],
  ['delayed', 'under-way'],
  ['relayed', 'under-way'],
])('a notification that says %s names the mail and its state', (action, state) => {
  expect(parseBounce(aBounce('one', { action }))).toEqual({ messageIds: ['20261126.0000', 'one'], state })
})

test('an answer by a person or a holiday is none, whatever it says', () => {
  expect(parseBounce('Subject: Away\r\nMessage-ID: <one@example.org>\r\n\r\nAction: failed\r\n')).toBeNull()
})

test('no text makes it throw or name more than a few mails', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 40 }), (text, count) => {
      const many = Array.from({ length: count }, (_, index) => `Message-ID: <${index}@a.example>`).join('\r\n')
      expect(parseBounce(`${aBounce('one')}${many}${text}`)?.messageIds.length).toBeLessThanOrEqual(8)
      parseBounce(text)
    }),
  )
})
