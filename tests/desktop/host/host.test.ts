/** The stand-in is honest: what it cannot do is an error with a name, and what is unsafe is refused. */
import { expect, test } from 'vitest'
import { strictEmitter, strictObject, strictStatics } from './strict.ts'
import { createValueCodec } from './value-codec.ts'
import { WebContents } from './web-contents.ts'

const codec = createValueCodec()

test.each([
  ['text', 'é'],
  ['numbers that JSON lacks', [Number.NaN, Number.POSITIVE_INFINITY, -0.5]],
  ['a big integer', 2n ** 70n],
  ['undefined inside an object', { a: undefined, b: null }],
  ['a date', new Date(1234)],
  ['bytes', new Uint8Array(70_000).fill(7)],
  ['a map and a set', new Map<unknown, unknown>([[{ a: 1 }, new Set([1, 'x'])]])],
])('%s crosses between processes unchanged', (_what, value) => {
  expect(codec.decode(JSON.parse(JSON.stringify(codec.encode(value))))).toEqual(value)
})

test.each([[() => 1], [Symbol('x')], [{ deep: [() => 1] }]])('%s cannot cross', (value) => {
  expect(() => codec.encode(value)).toThrow('An object could not be cloned.')
})

test('an API that is missing is an error that names it, on objects, instances and classes', () => {
  const object = strictObject('dialog', { known: 1 }) as { known: number; showItem?: unknown }
  class Thing extends strictEmitter('Thing') {
    known = 1
  }
  strictStatics('Thing', Thing)
  const thing = new Thing() as Thing & { unknownMethod?: unknown }
  expect(object.known + thing.known).toBe(2)
  expect(() => object.showItem).toThrow('stand-in: dialog.showItem is not implemented')
  expect(() => thing.unknownMethod).toThrow('stand-in: Thing.unknownMethod is not implemented')
  expect(() => (Thing as unknown as { all: unknown }).all).toThrow('stand-in: Thing.all is not implemented')
})

test('strict emitters emit', () => {
  class Thing extends strictEmitter('Thing') {}
  const thing = new Thing()
  const heard: unknown[] = []
  thing.once('said', (word) => heard.push(word))
  thing.emit('said', 'once')
  thing.emit('said', 'twice')
  expect(heard).toEqual(['once'])
})

test.each([
  { nodeIntegration: true },
  { sandbox: false },
  { contextIsolation: false },
  { webSecurity: false },
  { webviewTag: true },
])('a window with %j is refused', (preferences) => {
  const owner = { close: () => undefined, isDestroyed: () => false, emit: () => true }
  expect(() => new WebContents(owner, preferences, { width: 1, height: 1 })).toThrow('are refused')
})
