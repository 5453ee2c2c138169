/** Runs the named benchmarks (all of them without names), prints one table, and writes the rows where `--json FILE` says. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { asRoot } from '#tests/support/throw-away-database.ts'
import type { Bench, BenchRow } from './bench-row.ts'
import { booking } from './booking.ts'
import { enumeration } from './enumeration.ts'
import { events } from './events.ts'
import { reports } from './reports.ts'
import { slots } from './slots.ts'
import { sockets } from './sockets.ts'
import { sync } from './sync.ts'
import { ui } from './ui.ts'

const BENCHES: Readonly<Record<string, Bench>> = { booking, enumeration, events, reports, slots, sockets, sync, ui }

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(2)
}

const rows: BenchRow[] = []
for (const engine of await reachableEngines()) {
  for (const name of names) rows.push(...((await BENCHES[name]?.(engine)) ?? []))
}
print(rows)
if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1

async function reachableEngines(): Promise<readonly ('sqlite' | 'mysql')[]> {
  try {
    await asRoot('select 1')
    return ['sqlite', 'mysql']
  } catch {
    console.info('MariaDB does not answer and is left out.')
    return ['sqlite']
  }
}

function print(measured: readonly BenchRow[]): void {
  const round = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2))
  const cells = measured.map(({ name, work, engine, ours, unit, against, ratio, budget, ok }) => [
    name,
    work,
    engine,
    `${round(ours)} ${unit}`,
    against.map((each) => `${each.name} ${round(each.value)}`).join(', '),
    ratio === null ? '' : `${round(ratio)} ×`,
    budget === null ? '' : String(budget),
    budget === null ? '' : ok ? 'ok' : 'OVER',
  ])
  const table = [['name', 'work', 'engine', 'ours', 'against', 'ratio', 'budget', ''], ...cells]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of table)
    console.info(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}
