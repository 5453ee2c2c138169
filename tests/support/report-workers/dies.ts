/** Stands for a worker that is killed in the middle of its work. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

process.once('message', ({ folder, id }: { folder: string; id: string }) => {
  writeFileSync(join(folder, `${id}.part`), 'half')
  process.kill(process.pid, 'SIGKILL')
})
