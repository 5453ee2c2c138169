/** Stands for a worker that never ends by itself; it says how far it is, and leaves half a file behind. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

process.once('message', ({ folder, id }: { folder: string; id: string }) => {
  writeFileSync(join(folder, `${id}.part`), 'half')
  process.send?.({ kind: 'progress', percent: 42 })
  setInterval(() => undefined, 1_000)
})
