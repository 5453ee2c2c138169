import { describe, expect, test } from 'vitest'
import { NotCsv, readRows } from '#server/import/read-rows.ts'

const read = (text: string) => readRows(new TextEncoder().encode(text), ['id', 'name'])

describe('reading rows of a CSV file', () => {
  test('gives each row its line, whatever the line ends are', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { rows, problems } = read(['id,name,other', '1,Ada,x', '', '2,Grace,y', ''].join(end))
      expect(rows).toEqual([
        { line: 2, values: { id: '1', name: 'Ada', other: 'x' } },
        { line: 4, values: { id: '2', name: 'Grace', other: 'y' } },
      ])
      expect(problems).toEqual([])
    }
  })

  test('reads a byte order mark, quotes, commas and line breaks inside quotes', () => {
    const { rows } = read('\ufeff"id",name\n1,"Lovelace, ""Ada"""\n2,"two\nlines"\n3,x')
    expect(rows.map(({ line, values }) => [line, values.name])).toEqual([
      [2, 'Lovelace, "Ada"'],
      [3, 'two\nlines'],
      [5, 'x'],
    ])
  })

  test('a broken row is reported by its line and the rows after it are read', () => {
    const { rows, problems } = read('id,name\n1,a\n2\n3,"never closed\n4,d\n5,"x"y\n6,f,too many\n7,g')
    expect(rows.map(({ values }) => values.id)).toEqual(['1', '4', '7'])
    expect(problems).toEqual([3, 4, 6, 7].map((line) => ({ line, field: '', reason: 'broken-row' })))
  })

  test('refuses a file that cannot be what it is said to be, with a sentence', () => {
    expect(() => readRows(new Uint8Array([0x69, 0x64, 0xe9]), ['id'])).toThrow(NotCsv)
    expect(() => read('')).toThrow('no header')
    expect(() => read('id;name\n1;a')).toThrow('lacks id, name')
    expect(() => read('id,name,id')).toThrow('id twice')
  })
})
