/** Backup and restore as whoever runs the server does them: commands beside a real server. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { runCommand } from '#tests/support/run-command.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { anEmptyDatabase, engines, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'

describe.each(engines)('a backup on %s', (engine) => {
  const folder = temporaryFolder(`backups-${engine}`)
  let mysql: ThrowAwayDatabase | null = null
  let server: DemoServer
  let env: Record<string, string>
  /** The folder of the first one. */
  let kept = ''

  beforeAll(async () => {
    mysql = engine === 'mysql' ? await anEmptyDatabase('mysql') : null
    const database: Record<string, string> = mysql ? { DATABASE_URL: mysql.url } : {}
    server = await startDemoServer({ env: database })
    env = { DATA_DIR: server.dataDir, PORT: new URL(server.url).port, ...database }
  })
  afterAll(async () => {
    await server.remove()
    await mysql?.drop()
  })

  const command = (name: string, ...args: string[]) => runCommand(`sync-server/commands/${name}.ts`, args, env)
  async function ask(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
    const login = await fetch(`${server.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: server.login('admin'), password: server.password }),
    })
    const { token } = (await login.json()) as { token: string }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(`${server.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    return { status: answer.status, text: await answer.text() }
  }
  const addRoom = async (name: string) => {
    const { status, text } = await ask('POST', '/api/v1/rooms', { name })
    expect(`${status} ${text}`).toMatch(/^201 /)
  }
  const rooms = async () => (await ask('GET', '/api/v1/rooms?limit=100')).text

  test('is made beside the running server, whole, and for its owner alone', async () => {
    await addRoom('Made before')
    const { code, out, err } = await command('backup', '--to', folder)
    expect([code, err]).toEqual([0, ''])
    kept = out.trim()
    expect(kept.startsWith(join(folder, 'clinic-'))).toBe(true)
    expect(statSync(kept).mode & 0o077).toBe(0)
    for (const name of readdirSync(kept)) expect(statSync(join(kept, name)).mode & 0o077).toBe(0)
    expect(readdirSync(kept).sort()).toEqual(['database', 'manifest.json', 'secret.key'])
    const manifest = JSON.parse(readFileSync(join(kept, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({ format: 1, engine, files: { database: { bytes: expect.any(Number) } } })
  })

  test('keeps as many as it is told to', async () => {
    const others = temporaryFolder(`rotated-${engine}`)
    for (let count = 0; count < 3; count += 1) {
      const { code } = await command('backup', '--to', others, '--keep', '2')
      expect(code).toBe(0)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
    }
    expect(readdirSync(others)).toHaveLength(2)
  })

  test('is not put back under a running server, nor over what is there without a word', async () => {
    await addRoom('Made after')
    expect(await command('restore', '--from', kept)).toMatchObject({
      code: 1,
      err: expect.stringContaining('A server answers at port'),
    })
    await server.stop()
    expect(await command('restore', '--from', kept)).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is a database already'),
    })
  })

  test('that was changed, cut short or is none is refused by name', async () => {
    const whole = readFileSync(join(kept, 'database'))
    writeFileSync(join(kept, 'database'), whole.subarray(0, whole.length - 1))
    const damaged = await command('restore', '--from', kept, '--replace')
    expect(damaged).toMatchObject({
      code: 1,
      err: expect.stringContaining('database of the backup is not what it was'),
    })
    writeFileSync(join(kept, 'database'), whole)
    expect((await command('restore', '--from', folder, '--replace')).err).toContain('is no backup')
    expect((await command('restore')).err).toContain('--from must be')
  })

  test('brings back what was there, in a new history, and what stood there before is kept', async () => {
    const { code, out, err } = await command('restore', '--from', kept, '--replace')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('Restored; a new history of 1 clinic has begun.')
    const [, aside = ''] = /^What stood there: (.+)$/m.exec(out) ?? []
    expect(existsSync(aside)).toBe(true)
    await server.start()
    const after = await rooms()
    expect(after).toContain('Made before')
    expect(after).not.toContain('Made after')
    await addRoom('Made after the restore')
  })
})
