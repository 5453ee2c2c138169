import { describe, expect, test } from 'vitest'
import { readSettings } from '#server/settings.ts'

const problemsOf = (variables: Record<string, string>, args: string[] = []) => {
  const answer = readSettings(variables, args)
  return answer.ok ? [] : answer.problems
}

describe('settings', () => {
  test('an empty environment means loopback, SQLite and the demo clinic', () => {
    const answer = readSettings({}, [])
    expect(answer).toMatchObject({
      ok: true,
      settings: { host: '127.0.0.1', isLoopback: true, port: 4180, isEmpty: false, publicUrl: null },
    })
    expect(answer.ok && answer.settings.databaseUrl).toMatch(/^sqlite:.*clinic\.sqlite$/)
  })

  test('every refusal names the variable and its rule, and never the value', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      SECRET_KEY: 'short-secret',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'postgres://x',
    })
    expect(problems).toEqual([
      'PORT must be a port, 0 to 65535.',
      'DATABASE_URL must be an address that starts with mysql:// or sqlite:.',
      'SECRET_KEY must have at least 32 characters.',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, silent.',
    ])
    expect(problems.join()).not.toContain('short-secret')
  })

  test('a port above 65535 and a host that is no address are refused', () => {
    expect(problemsOf({ PORT: '70000', HOST: 'clinic' })).toEqual([
      'PORT must be a port, 0 to 65535.',
      'HOST must be an IP address or localhost.',
    ])
  })

  test('a public address is an origin, and plain http is for this machine only', () => {
    expect(problemsOf({ PUBLIC_URL: 'http://clinic.example' })[0]).toMatch(/^PUBLIC_URL must be an origin/)
    expect(problemsOf({ PUBLIC_URL: 'https://clinic.example/app' })[0]).toMatch(/^PUBLIC_URL must be an origin/)
    expect(readSettings({ PUBLIC_URL: 'https://clinic.example/' }, [])).toMatchObject({
      settings: { publicUrl: 'https://clinic.example' },
    })
  })

  test('an empty variable counts as absent, a variable of other programs is left alone', () => {
    expect(problemsOf({ PORT: '', PATH: '/bin' })).toEqual([])
  })

  test('an unknown flag and two that exclude each other are refused', () => {
    expect(problemsOf({}, ['--everything'])[0]).toContain('--empty')
    expect(problemsOf({}, ['--demo', '--empty'])).toEqual(['--demo and --empty exclude each other.'])
  })

  test('a part of the server alone needs database, broker, secret and address in common with the others', () => {
    expect(problemsOf({}, ['--role=scheduler'])).toEqual([
      '--role needs DATABASE_URL with mysql://.',
      '--role needs AMQP_URL, the same for every part of the server.',
      '--role needs SECRET_KEY, the same for every part of the server.',
      '--role needs PUBLIC_URL, the same for every part of the server.',
    ])
    expect(problemsOf({}, ['--role=barber'])).toEqual([
      '--role must be one of all, api, notifications, reports, scheduler.',
    ])
    const common = {
      DATABASE_URL: 'mysql://root@127.0.0.1/clinic',
      AMQP_URL: 'amqp://127.0.0.1',
      SECRET_KEY: 'x'.repeat(32),
      PUBLIC_URL: 'https://clinic.example',
    }
    expect(readSettings(common, ['--role=reports'])).toMatchObject({ ok: true, settings: { role: 'reports' } })
  })

  test('texts go over an encrypted line, but for a gateway on this machine', () => {
    expect(problemsOf({ SMS_URL: 'http://a:b@sms.example/' })[0]).toMatch(/^SMS_URL must be an https address/)
    expect(problemsOf({ SMS_URL: 'http://a:b@127.0.0.1:9/' })).toEqual([])
  })

  test('the network is no loopback', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
      expect(readSettings({ HOST: host }, [])).toMatchObject({ settings: { isLoopback: true } })
    }
    for (const host of ['0.0.0.0', '::', '192.168.0.2']) {
      expect(readSettings({ HOST: host }, [])).toMatchObject({ settings: { isLoopback: false } })
    }
  })
})
