/**
 * `npm run sync-server -- --print-config`: every variable with the value that holds, secrets masked, without starting anything. Ends
 * with 2 and every problem by name and rule where the server would refuse to start.
 */
import { readSettings, showSettings } from '#server/settings.ts'

const shown = showSettings(process.env)
const width = Math.max(...shown.map(({ name }) => name.length))
for (const { name, value, isDefault } of shown) {
  console.log(`${name.padEnd(width)}  ${value === null ? 'not set' : `${value}${isDefault ? '  (default)' : ''}`}`)
}
const answer = readSettings(process.env, process.argv.slice(2))
if (!answer.ok) {
  for (const problem of answer.problems) console.error(problem)
  process.exitCode = 2
}
