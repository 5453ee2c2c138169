import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aServer } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { expectShown, stepsOf } from '#tests/support/walk-through.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8')
const EMAIL = 'ada@example.org'

test.each(engines)('every command of docs/api.md runs on %s, and answers what the page shows', async (engine) => {
  const server = await aServer(engine)
  const bash = aShell()
  try {
    const steps = stepsOf(PAGE)
    expect(steps.length).toBeGreaterThan(20)
    for (const step of steps) {
      let { shell } = step
      shell = shell.replace('http://127.0.0.1:3000', server.url)
      if (shell.includes('paste the link')) {
        const link = (await server.mailsTo(EMAIL)).at(-1)?.text.match(/https?:\S+#[\w-]{43}/)?.[0] ?? 'no link came'
        shell = shell.replace('paste the link from the e-mail here', link)
      }
      expectShown(step, await bash.run(shell))
    }
  } finally {
    bash.end()
    await server.stop()
  }
})

/** One bash for the whole page, so that variables and functions last; each block's output apart. */
function aShell() {
  const child = spawn('bash', ['--noprofile', '--norc'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  let heard = () => {}
  const take = (data: Buffer) => {
    output += data.toString()
    heard()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  let fail = (_error: Error) => {}
  child.once('exit', (code) => fail(new Error(`bash ended with ${code}: ${output}`)))
  let blocks = 0
  return {
    run: (shell: string) =>
      new Promise<string>((resolve, reject) => {
        blocks += 1
        const mark = `-- end of block ${blocks} --`
        heard = () => {
          const end = output.indexOf(mark)
          if (end < 0) return
          const came = output.slice(0, end)
          output = output.slice(end + mark.length + 1)
          resolve(came)
        }
        fail = reject
        child.stdin.write(`${shell}\necho '${mark}'\n`)
      }),
    end: () => child.kill(),
  }
}
