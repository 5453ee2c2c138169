import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  CONNECTION_PHASES,
  type ConnectionEvent,
  closeOutcome,
  initialConnection,
  nextConnection,
} from '#domain/sync/connection-state.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

test('every invariant of docs/sync.md names a test that exists', () => {
  const rows = [...read('docs/sync.md').matchAll(/^\| (S\d+) \| .* \| (tests\/\S+): (.+) \|$/gm)]
  const numbers = rows.map(([, number = '']) => Number(number.slice(1)))
  // Once each and in order; a number that was given up is not given again.
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  expect(numbers.length).toBeGreaterThan(15)
  const missing = rows.filter(
    ([, , file = '', title = '']) => !existsSync(join(ROOT, file)) || !read(file).includes(title),
  )
  expect(missing.map(([row]) => row)).toEqual([])
})

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''))

test('the tables of the connection are what its machine does', () => {
  const lines = read('docs/sync.md').split('\n')
  const events: ConnectionEvent[] = [
    { type: 'started', at: 2 },
    { type: 'welcomed', at: 2, serverTime: 2, transport: 'websocket' },
    { type: 'lost', at: 2, reason: 'no-network' },
    ...(['unauthenticated', 'upgrade-required', 'revoked'] as const).map(
      (by): ConnectionEvent => ({ type: 'refused', at: 2, by }),
    ),
  ]
  const rows = CONNECTION_PHASES.map((phase) => {
    const state = { ...initialConnection(1), phase }
    return [phase, ...events.map((event) => nextConnection(state, event).phase)]
  })
  const head = lines.findIndex((line) => line.startsWith('| | started | welcomed | lost |'))
  expect(lines.slice(head + 2, head + 2 + CONNECTION_PHASES.length).map(cellsOf)).toEqual(rows)

  const ends = lines.findIndex((line) => line.startsWith('| The line ends with'))
  const told = lines.slice(ends + 2, ends + 8).map(cellsOf)
  const outcomes = [4401, 4403, 4426, 1012, 1013, 1006].map(closeOutcome)
  expect(told.map(([code]) => code)).toEqual(['4401', '4403', '4426', '1012', '1013', 'anything else'])
  for (const [index, outcome] of outcomes.entries()) {
    const word = { retry: 'dials again', 'renew-ticket': 'asks for a new ticket', stop: 'stops' }[outcome.action]
    expect(told[index]?.[1]).toContain(word)
    const which = 'reason' in outcome ? outcome.reason : 'by' in outcome ? outcome.by : 'unauthenticated'
    expect(told[index]?.[1]).toContain(which)
  }
})
