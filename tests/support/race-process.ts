/** A lone racer as a process: takes its settings as JSON, prints its result as JSON. */
import { createLoneRacer } from './race.ts'

const { url, rounds, ...settings } = JSON.parse(process.argv[2] ?? '{}')
const racer = createLoneRacer(url, settings)
for (let round = 0; round < rounds; round += 1) await racer.step(round)
await racer.close()
console.log(JSON.stringify(racer.result()))
