/** What is done beside the server, as whoever runs it does it: a process each, judged by what it prints and how it ends. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIGRATIONS, migrateDatabase } from '#server/database/migrate.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { runCommand } from '#tests/support/run-command.ts'
import { aServer, SECRET_KEY, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { anEmptyDatabase, engines } from '#tests/support/throw-away-database.ts'

describe('--print-config', () => {
  const print = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    runCommand('sync-server/commands/print-config.ts', args, env)

  test('shows every setting as it holds, and nothing secret', async () => {
    const { code, out, err } = await print({
      DATABASE_URL: 'mysql://clinic:geheim@db.example/clinic',
      SMTP_URL: 'smtps://mailer:geheim@mail.example:465?from=a@b.example',
      SMS_URL: 'https://AC1:geheim@sms.example/send?from=%2B441234567890',
      SECRET_KEY: 'geheim'.repeat(8),
      DEMO_PASSWORD: 'geheim geheim geheim',
      PORT: '4711',
    })
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^PORT +4711$/m)
    expect(out).toMatch(/^HOST +127\.0\.0\.1 {2}\(default\)$/m)
    expect(out).toMatch(/^AMQP_URL +not set$/m)
    expect(out).toMatch(/^DATABASE_URL +mysql:\/\/clinic:\*{8}@db\.example\/clinic$/m)
    expect(out).not.toContain('geheim')
  })

  test('names every setting that is wrong with its rule, and ends with 2', async () => {
    const { code, out, err } = await print({ PORT: 'four', DRAIN_SECONDS: '601', SECRET_KEY: 'short' }, '--role=cook')
    expect(code).toBe(2)
    expect(err).toContain('PORT must be a port, 0 to 65535.')
    expect(err).toContain('SECRET_KEY must have at least 32 characters.')
    expect(err).toContain('--role must be one of all, api, notifications, reports, scheduler.')
    expect(out + err).not.toContain('short')
  })
})

describe.each(engines)('migrate on %s', (engine) => {
  test('says what is missing, takes those steps alone, and then finds nothing', async () => {
    const database = await anEmptyDatabase(engine)
    try {
      await migrateDatabase({ url: database.url }, { migrations: MIGRATIONS.slice(0, -2) })
      const migrate = (...args: string[]) =>
        runCommand('sync-server/commands/migrate.ts', args, { DATABASE_URL: database.url })
      const missing = MIGRATIONS.slice(-2).map(({ number, name }) => `${String(number).padStart(4, '0')} ${name}\n`)
      expect(await migrate('--check')).toEqual({ code: 1, out: `${missing.join('')}2 missing.\n`, err: '' })
      expect(await migrate()).toEqual({ code: 0, out: `${missing.join('')}Done.\n`, err: '' })
      expect(await migrate('--check')).toEqual({ code: 0, out: 'The database is up to date.\n', err: '' })
    } finally {
      await database.drop()
    }
  })
})

describe.each(engines)('create-admin on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())
  const create = (...args: string[]) =>
    runCommand('sync-server/commands/create-admin.ts', args, { DATABASE_URL: server.databaseUrl, SECRET_KEY })

  test('prints a link beside the running server, which makes an administrator once', async () => {
    const { code, out, err } = await create('--email', 'ada@clinic.example', '--name', 'Ada Admin')
    expect([code, err]).toEqual([0, ''])
    const [, token = ''] = /^http:\/\/127\.0\.0\.1:4180\/account\/password#(\S+)$/m.exec(out) ?? []
    const password = 'a password that Ada chose'
    const accept = () => server.request('POST', '/api/v1/auth/password', { body: { token, password } })
    expect((await accept()).status).toBeLessThan(300)
    expect((await accept()).status).toBeGreaterThanOrEqual(400)
    const body = { email: 'ada@clinic.example', password }
    const { body: session } = await server.request('POST', '/api/v1/auth/login', { body })
    expect((await server.request('GET', '/api/v1/users', { as: { token: session.token } })).status).toBe(200)
  })

  test.each([
    [['--email', 'nobody', '--name', 'No Body'], '--email must be an e-mail address.'],
    [['--email', 'a@b.example'], '--name must have 1 to 200 characters.'],
    [['--email', 'a@b.example', '--name', 'A B', '--clinic', 'Elsewhere'], '--clinic must be one of: '],
    [['--email', FIXTURE_EMAILS.admin, '--name', 'A B'], '--email has an account already'],
  ])('refuses %j and says why', async (args, sentence) => {
    const { code, out, err } = await create(...args)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(sentence)
  })
})

test('a database that is not there is not made by migrating it', async () => {
  const { code, err } = await runCommand('sync-server/commands/migrate.ts', [], {
    DATABASE_URL: 'sqlite:/nowhere/at/all.sqlite',
  })
  expect(code).toBe(1)
  expect(err).toContain('There is no database')
})

test('a command that does not exist is named beside those that do', async () => {
  const { code, err } = await runCommand('build/sync-server.mjs', ['brew'])
  expect([code, err]).toEqual([
    2,
    'No such command: brew. There are: serve, verify, backup, restore, create-admin, migrate.\n',
  ])
})
