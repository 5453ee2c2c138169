import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { htmlOfText } from '#domain/message/html-of-text.ts'
import { seeded } from '#tests/support/seeded.ts'

const html = (text: string, language = 'en') => htmlOfText(text, { language, title: 'Visit <1>' })
const linksOf = (text: string) => [...html(text).matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href)

describe('the HTML half of an e-mail', () => {
  test('has the paragraphs and lines of the text', () => {
    expect(html('One\n\nTwo\nThree\n')).toContain(
      '<p style="margin:0 0 1em">One</p>\n<p style="margin:0 0 1em">Two<br>\nThree</p>',
    )
  })

  test('says its language and direction', () => {
    expect(html('x', 'pl')).toContain('<html lang="pl" dir="ltr">')
    expect(html('x', 'he-IL')).toContain('<html lang="he-IL" dir="rtl">')
    expect(html('x', '"><script>')).not.toContain('<script')
  })

  test('links https, and http on this machine only', () => {
    expect(linksOf('See https://clinic.test/v/1?a=1&b=2. Or (http://127.0.0.1:4180/x)!')).toEqual([
      'https://clinic.test/v/1?a=1&amp;b=2',
      'http://127.0.0.1:4180/x',
    ])
    expect(linksOf('http://localhost:1/#t http://[::1]:2/ https://clinic.test')).toHaveLength(3)
    expect(
      linksOf('http://evil.test/ javascript:alert(1) data:text/html,x http://localhost.evil.test https://a@evil.test/'),
    ).toEqual([])
    expect(linksOf('http://localhost:80@evil.test/ https://clinic.test:443@evil.test/ https://[::1')).toEqual([])
  })

  test('loads nothing and runs nothing, whatever the text holds', () => {
    const piece = fc.constantFrom('<img src=x onerror=1>', '"', "'", '<', '>', '&', 'https://a.test/', '\n', ' ', 'x')
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        const tags = [...html(pieces.join('')).matchAll(/<\/?([a-z!]+)/gi)].map(([, name]) => name)
        const known = ['!doctype', 'html', 'head', 'meta', 'title', 'body', 'div', 'p', 'br', 'a']
        expect(tags.filter((name) => !known.includes(name ?? ''))).toEqual([])
        const attributes = [...html(pieces.join('')).matchAll(/<a ([^>]*)>/g)].map(([, each]) => each)
        for (const each of attributes) expect(each).toMatch(/^href="https?:\/\/[^"<>]*"$/)
      }),
      seeded(),
    )
  })
})
