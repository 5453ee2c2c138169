/** `race` as a process: takes its arguments as JSON, prints its result as JSON. */
import { race } from './race.ts'

const { url, clinic, seed, tries } = JSON.parse(process.argv[2] ?? '{}')
console.log(JSON.stringify(await race(url, clinic, { seed, tries })))
