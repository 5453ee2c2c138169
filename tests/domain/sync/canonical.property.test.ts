import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText, contentText } from '#domain/sync/canonical.ts'
import { anAppointment } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const document = fc.dictionary(
  fc.string().filter((key) => !['_deleted', '_rev', '_meta', '_attachments', '__proto__'].includes(key)),
  fc.jsonValue(),
)
/** The same content with its keys in another order, at every depth. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, turned(part)]),
  )
}

describe('canonical text', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(document, (content) => {
        expect(canonicalText(turned(content))).toBe(canonicalText(content))
      }),
      seeded(),
    )
  })

  it('is JSON that reads back as the same content, so that two contents never share a text', () => {
    fc.assert(
      fc.property(document, (content) => {
        const plain: unknown = JSON.parse(JSON.stringify({ ...content, _deleted: false }))
        expect(JSON.parse(canonicalText(content))).toEqual(plain)
      }),
      seeded(),
    )
  })

  it('leaves RxDB’s bookkeeping and undefined fields out, and takes a missing `_deleted` for false', () => {
    const content = anAppointment()
    const stored = { ...content, _rev: '1-a', _meta: { lwt: 1 }, _attachments: {}, extra: undefined, _deleted: false }
    expect(canonicalText(stored)).toBe(canonicalText(content))
    expect(canonicalText({ ...stored, _deleted: true })).not.toBe(canonicalText(content))
  })

  it('tells null from missing', () => {
    expect(canonicalText({ a: null })).not.toBe(canonicalText({}))
  })
})

describe('content text', () => {
  it('leaves the server’s count of writes and its time out, and nothing else', () => {
    const content = anAppointment({ revision: 1, updatedAt: 1 })
    expect(contentText({ ...content, revision: 2, updatedAt: 2 })).toBe(contentText(content))
    expect(contentText({ ...content, note: 'x' })).not.toBe(contentText(content))
  })
})
