/** Reports from the request to the file, on a server that makes them in processes of their own. */
import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import type { ReportRow } from '#server/repositories/reports.ts'
import { createReportService, type ReportService } from '#server/services/reports/report-service.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/reports'
const FILTER = { from: '2026-10-01', until: '2026-10-31' }
const worker = (name: string) => join(import.meta.dirname, '../../support/report-workers', `${name}.ts`)

describe.each(engines)('reports on %s', (engine) => {
  let server: ServerUnderTest
  let folder: string
  let services: ReportService[] = []
  const ready: ReportRow[] = []
  /** The makers' clock goes ahead of the server's, where sessions would end. */
  let shift = 0

  beforeAll(async () => {
    server = await aServer(engine)
    for (let index = 0; index < 5; index += 1) {
      const body = {
        doctorId: testId('Doctor', 1 + (index % 2)),
        patientId: testId('Patient', 2 + index),
        typeId: server.clinic.types.consultation.id,
        start: NINE_O_CLOCK + minutes(30) * index,
      }
      expect((await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })).status).toBe(201)
    }
  })
  afterAll(() => server.stop())
  afterEach(async () => {
    for (const service of services) await service.close()
    services = []
    ready.length = 0
    shift = 0
    const open = await server.request('GET', `${PATH}?status=queued`, { as: 'admin' })
    for (const { id } of open.body.reports) await server.request('POST', `${PATH}/${id}/cancel`, { as: 'admin' })
  })

  /** A maker beside the server, as another instance would be. */
  const aService = (more: { workerPath?: string; memoryMegabytes?: number; folder?: string } = {}): ReportService => {
    const { database, databaseUrl, clock, clinic } = server
    folder = more.folder ?? temporaryFolder('reports')
    const service = createReportService({
      database,
      databaseUrl,
      now: () => clock.now + shift,
      newId: server.server.newId,
      audit: async (entry) => void audited.push(entry),
      loadSubject: async (clinicId, userId) => ({
        clinicId,
        userId,
        doctorId: null,
        patientIds: [],
        grants:
          userId === clinic.userIds.admin
            ? (['view-reports', 'view-appointments'] as const).map((permission) => ({ permission, scope: 'clinic' }))
            : [],
      }),
      log: { error: () => undefined, warn: () => undefined },
      onReady: (report) => ready.push(report),
      ...more,
      folder,
    })
    services.push(service)
    return service
  }
  const audited: { readonly action: string; readonly documentIds?: readonly string[] }[] = []
  const ask = async (type = 'csv', definition = 'appointments', filter: object = FILTER) => {
    const answer = await server.request('POST', PATH, { as: 'admin', body: { definition, filter, type } })
    expect(answer.status).toBe(202)
    return answer.body.report.id as string
  }
  const look = async (id: string) => (await server.request('GET', `${PATH}/${id}`, { as: 'admin' })).body.report
  const deed = (id: string, what: string) => server.request('POST', `${PATH}/${id}/${what}`, { as: 'admin' })

  test.each(['csv', 'xlsx', 'pdf'])('a %s is made, and told to whoever waits for it', async (type) => {
    const service = aService()
    const id = await ask(type)
    expect(await look(id)).toMatchObject({ status: 'queued', progress: 0, fileType: null })
    await service.drain()
    expect(await look(id)).toMatchObject({
      status: 'done',
      progress: 100,
      fileType: type,
      rowCount: 5,
      error: '',
      note: '',
    })
    expect(readdirSync(folder)).toEqual([`${id}.${type}`])
    expect(ready.map((row) => row.id)).toEqual([id])
    expect((await look(id)).expiresAt).toBe(server.clock.now + hours(24))
  })

  test('the audit names every visit that a list shows, before the file can be had; a count names none', async () => {
    const service = aService()
    audited.length = 0
    await ask('csv', 'appointments-by-doctor')
    await service.drain()
    expect(audited).toEqual([])
    await ask('csv')
    await service.drain()
    expect(audited).toMatchObject([{ action: 'exported', collection: 'appointments' }])
    expect(audited[0]?.documentIds).toHaveLength(5)
  })

  test('a worker that is killed is followed by another, three times, and leaves nothing behind', async () => {
    const service = aService({ workerPath: worker('dies') })
    const id = await ask()
    await service.drain()
    expect(await look(id)).toMatchObject({ status: 'failed', error: 'crashed' })
    expect(await attemptsOf(id)).toBe(3)
    expect(readdirSync(folder)).toEqual([])
    const retried = await deed(id, 'retry')
    expect(retried.body.report).toMatchObject({ status: 'queued', error: '' })
    await service.close()
    await aService().drain()
    expect(await look(id)).toMatchObject({ status: 'done', rowCount: 5 })
  })
  const attemptsOf = async (id: string) =>
    (
      await server.database.read((tx) =>
        tx
          .selectFrom('reports')
          .select('attempts')
          .where('id', '=', id as ReportRow['id'])
          .executeTakeFirstOrThrow(),
      )
    ).attempts

  test('a report that does not fit under the ceiling fails with that reason', async () => {
    const service = aService({ workerPath: worker('swells'), memoryMegabytes: 24 })
    const id = await ask()
    await service.drain()
    expect(await look(id)).toMatchObject({ status: 'failed', error: 'out-of-memory' })
  })

  test('a report that runs can be stopped at once', async () => {
    const service = aService({ workerPath: worker('hangs') })
    const id = await ask()
    const drained = service.drain()
    await eventually('the worker is at work', async () => readdirSync(folder).includes(`${id}.part`))
    expect(await look(id)).toMatchObject({ status: 'running' })
    expect((await deed(id, 'cancel')).body.report).toMatchObject({ status: 'cancelled' })
    service.stop(id as ReportRow['id'])
    await drained
    expect(await look(id)).toMatchObject({ status: 'cancelled', fileType: null })
    expect(readdirSync(folder)).toEqual([])
    expect((await deed(id, 'cancel')).status).toBe(409)
  })

  test('a report whose maker has gone is made by another instance', async () => {
    const gone = aService({ workerPath: worker('hangs') })
    const id = await ask()
    void gone.drain()
    await eventually('the worker is at work', async () => readdirSync(folder).includes(`${id}.part`))
    const shared = folder
    shift = minutes(2)
    await aService({ folder: shared }).drain()
    expect(await look(id)).toMatchObject({ status: 'done', rowCount: 5 })
    await gone.close()
    expect(await look(id)).toMatchObject({ status: 'done' })
  })

  test('who has lost the right before the report is made gets none', async () => {
    const service = aService()
    const id = await ask()
    await server.database.write((tx) =>
      tx
        .updateTable('reports')
        .set({ user_id: server.clinic.userIds.receptionist })
        .where('id', '=', id as ReportRow['id'])
        .execute(),
    )
    await service.drain()
    const rows = await server.database.read((tx) =>
      tx
        .selectFrom('reports')
        .selectAll()
        .where('id', '=', id as ReportRow['id'])
        .execute(),
    )
    expect(rows).toMatchObject([{ status: 'failed', error: 'not-allowed' }])
  })

  test('a program without the right to appointments gets a list without any, and no report of its person', async () => {
    const token = {
      name: 'Numbers',
      abilities: ['view-reports'],
      expiresInDays: 30,
      password: FIXTURE_PASSWORD,
    }
    const made = await server.request('POST', '/api/v1/tokens', { as: 'admin', body: token })
    const as = { token: made.body.token as string }
    const service = aService()
    const full = await ask()
    const body = { definition: 'appointments', filter: FILTER, type: 'csv' }
    const { report } = (await server.request('POST', PATH, { as, body })).body
    await service.drain()
    expect(await look(full)).toMatchObject({ status: 'done', rowCount: 5 })
    expect(await look(report.id)).toMatchObject({ status: 'done', rowCount: 0 })
    expect((await server.request('POST', `${PATH}/${full}/download-link`, { as })).status).toBe(403)
    expect((await server.request('POST', `${PATH}/${report.id}/download-link`, { as })).status).toBe(200)
  })

  test('after a day the file is gone, and the report can be made again', async () => {
    const service = aService()
    const id = await ask()
    await service.drain()
    shift = hours(24)
    await service.expire()
    expect(await look(id)).toMatchObject({ status: 'expired', fileType: null })
    expect(readdirSync(folder)).toEqual([])
    expect((await deed(id, 'download-link')).status).toBe(409)
    await deed(id, 'retry')
    await service.drain()
    expect(await look(id)).toMatchObject({ status: 'done' })
  })

  test('an erasure ends every list that is there, and no count', async () => {
    const service = aService()
    const list = await ask()
    const count = await ask('csv', 'appointments-by-type')
    await service.drain()
    const path = `/api/v1/patients/${testId('Patient', 19)}/erasure`
    const { confirmation } = (await server.request('GET', path, { as: 'admin' })).body.preview
    const body = { reason: 'requested', confirmation }
    expect((await server.request('POST', path, { as: 'admin', body })).status).toBeLessThan(300)
    await service.expire()
    expect(await look(list)).toMatchObject({ status: 'expired', fileType: null })
    expect(await look(count)).toMatchObject({ status: 'done' })
    expect(readdirSync(folder)).toEqual([`${count}.csv`])
  })

  test('a full disk fails the report with that reason, with nothing half written', async (context) => {
    const small = temporaryFolder('small-disk')
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'ignore' })
    } catch {
      return context.skip('this machine lets nobody mount a small disk')
    }
    try {
      writeFileSync(join(small, 'filler'), Buffer.alloc(60 * 1024))
      const service = aService({ folder: small })
      const id = await ask('pdf')
      await service.drain()
      expect(await look(id)).toMatchObject({ status: 'failed', error: 'no-space' })
      expect(readdirSync(small)).toEqual(['filler'])
      rmSync(join(small, 'filler'))
      await deed(id, 'retry')
      await service.drain()
      expect(await look(id)).toMatchObject({ status: 'done' })
      await service.close()
    } finally {
      execFileSync('umount', [small])
    }
  })

  test('periods that are none, or too long, are refused with the field', async () => {
    const body = (filter: object) => ({ definition: 'activity', filter, type: 'csv' })
    for (const [filter, field] of [
      [{ from: '2026-02-30', until: '2026-03-01' }, 'filter.from'],
      [{ from: '2026-03-02', until: '2026-03-01' }, 'filter.until'],
      [{ from: '2000-01-01', until: '2026-03-01' }, 'filter.until'],
    ] as const) {
      const answer = await server.request('POST', PATH, { as: 'admin', body: body(filter) })
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining(field)])
    }
  })

  test('one person has ten reports open at most', async () => {
    for (let count = 0; count < 10; count += 1) await ask()
    const answer = await server.request('POST', PATH, {
      as: 'admin',
      body: { definition: 'activity', filter: FILTER, type: 'csv' },
    })
    expect(answer.status).toBe(429)
  })
})

describe.each(engines)('links to reports on %s', (engine) => {
  let server: ServerUnderTest
  let folder: string
  let id: string
  beforeAll(async () => {
    folder = join(temporaryFolder('reports'), 'files')
    server = await aServer(engine, { reports: { databaseUrl: '', folder } })
  })
  afterAll(() => server.stop())

  test('without a database the worker fails, and the server goes on', async () => {
    const body = { definition: 'appointments', filter: FILTER, type: 'csv' }
    const asked = await server.request('POST', PATH, { as: 'admin', body })
    await server.server.reports?.drain()
    const { report } = (await server.request('GET', `${PATH}/${asked.body.report.id}`, { as: 'admin' })).body
    expect(report).toMatchObject({ status: 'failed', error: 'crashed' })
    id = report.id
    // From here on the file is what the test puts there.
    writeFileSync(join(folder, `${id}.csv`), '\uFEFFDay\r\n')
    await server.database.write((tx) =>
      tx
        .updateTable('reports')
        .set({ status: 'done', file_path: `${id}.csv`, file_size: 8, expires_at: server.clock.now + hours(1) })
        .where('id', '=', id as ReportRow['id'])
        .execute(),
    )
  })

  const link = async () => {
    const { body } = await server.request('POST', `${PATH}/${id}/download-link`, { as: 'admin' })
    return new URL(body.url).pathname
  }

  test('a link gives the file once, as an attachment that nothing keeps', async () => {
    const path = await link()
    const file = await server.request('GET', path, { as: 'admin' })
    expect(file.status).toBe(200)
    expect(parse(file.body, { bom: true })).toEqual([['Day']])
    expect(file.headers.get('content-disposition')).toBe(
      'attachment; filename="appointments 2026-10-01 2026-10-31.csv"',
    )
    expect(file.headers.get('cache-control')).toBe('no-store')
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect((await server.request('GET', path, { as: 'admin' })).status).toBe(404)
  })

  test('of many who use a link at once one gets the file', async () => {
    const path = await link()
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.request('GET', path, { as: 'admin' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404, 404, 404, 404])
  })

  test('a link ends after five minutes, and with the next one', async () => {
    const first = await link()
    const second = await link()
    expect((await server.request('GET', first, { as: 'admin' })).status).toBe(404)
    server.clock.now += minutes(5)
    expect((await server.request('GET', second, { as: 'admin' })).status).toBe(404)
  })

  test('a link is of no use to anybody else, nor without signing in', async () => {
    const email = await server.addAccount('admin', `second-${engine}@fixture.test`)
    const other = await server.request('POST', '/api/v1/auth/login', {
      body: { email, password: FIXTURE_PASSWORD },
    })
    const path = await link()
    expect((await server.request('GET', path, { as: { token: other.body.token } })).status).toBe(404)
    expect((await server.request('GET', path)).status).toBe(401)
    expect((await server.request('GET', `${PATH}/${id}`, { as: { token: other.body.token } })).status).toBe(404)
    expect((await server.request('GET', path, { as: 'admin' })).status).toBe(200)
  })

  /** The separators and dots of a path, as servers have been taken in by them. */
  const DOTS = ['..', '%2e%2e', '%252e%252e', '.%2e', '%c0%ae%c0%ae', '%uff0e%uff0e']
  const SLASHES = ['%2f', '%5c', '%252f', '%c0%af', '%u2215']
  const TRAVERSALS = [
    ...DOTS.flatMap((dots) => SLASHES.map((slash) => `${dots}${slash}secret.key`)),
    '../secret.key',
    '..%2fsecret.key',
    '..%252fsecret.key',
    '%2e%2e%2fsecret.key',
    '%2e%2e/secret.key',
    '..%5csecret.key',
    '..\\secret.key',
    '....//secret.key',
    '..;/secret.key',
    '%c0%ae%c0%ae%c0%afsecret.key',
    '%00',
    'secret.key%00.csv',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'file:%2f%2f%2fetc%2fpasswd',
    '.',
    '..',
    '%2e',
    '~',
    'C:%5cWindows%5cwin.ini',
  ]
  test.each(TRAVERSALS)('%j finds nothing', async (name) => {
    writeFileSync(join(folder, '..', 'secret.key'), 'nobody reads this', { flag: 'w' })
    const answer = await fetch(`${server.url}/api/v1/report-downloads/${name}`, {
      headers: { authorization: `Bearer ${await server.logIn('admin')}` },
    })
    expect([400, 404]).toContain(answer.status)
    expect(await answer.text()).not.toMatch(/nobody reads|root:/)
    rmSync(join(folder, '..', 'secret.key'))
  })

  test('a stored name of another form is no file of ours', async () => {
    await server.database.write((tx) =>
      tx
        .updateTable('reports')
        .set({ file_path: '../secret.key' })
        .where('id', '=', id as ReportRow['id'])
        .execute(),
    )
    expect((await server.request('GET', await link(), { as: 'admin' })).status).toBe(404)
  })
})
