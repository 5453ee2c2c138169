/** Calls of the gateway: signed as published, for our own addresses, in their time. */
import { describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { isFromGateway, readReportToken, reportToken, signatureOf } from '#server/sms/callback-rule.ts'
import { gatewaySettings } from '#server/sms/gateway-sender.ts'

const URL_ = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const FIELDS = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
}
const NOW = Date.parse('2026-10-14T08:00:00Z')
const SECRET = 'a secret of the tests, 32 characters long'
const ID = '6e6f7469-0000-7000-8000-000000000001'

describe('the signature of a call', () => {
  test('is the one that the carrier publishes for its example', () => {
    expect(signatureOf(URL_, FIELDS, '12345')).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
  })

  test.each([
    ['right', {}, true],
    ['for another address', { url: `${URL_}&more=1` }, false],
    ['for another form', { fields: { ...FIELDS, Digits: '1235' } }, false],
    ['empty', { signature: '' }, false],
    ['of a call sent now', { timestamp: `${NOW / 1000}` }, true],
    ['of a call sent ten minutes ago', { timestamp: `${NOW / 1000 - 600}` }, false],
    ['of a call sent at no time', { timestamp: 'soon' }, false],
  ])('%s', (_, part, isRight) => {
    const call = { url: URL_, fields: FIELDS, signature: signatureOf(URL_, FIELDS, '12345'), ...part }
    expect(isFromGateway(call, '12345', NOW)).toBe(isRight)
    expect(isFromGateway(call, '', NOW)).toBe(false)
  })
})

describe('the address of reports', () => {
  test('names its text for a week, and for nobody who changes a character', () => {
    const token = reportToken(SECRET, ID, NOW)
    expect(readReportToken(SECRET, token, NOW + hours(24 * 6))).toBe(ID)
    expect(readReportToken(SECRET, token, NOW + hours(24 * 8))).toBeNull()
    expect(readReportToken(SECRET, token, NOW - minutes(10))).toBeNull()
    expect(readReportToken('another secret, 32 characters long', token, NOW)).toBeNull()
    for (let at = 0; at < token.length; at += 1) {
      const changed = `${token.slice(0, at)}${token[at] === 'x' ? 'y' : 'x'}${token.slice(at + 1)}`
      expect(readReportToken(SECRET, changed, NOW)).toBeNull()
    }
    expect(readReportToken(SECRET, '', NOW)).toBeNull()
  })
})

test('the address of a gateway names account, token and sender, the plus of a number included', () => {
  const plain = gatewaySettings('https://AC1:to%40ken@sms.example/Messages.json?from=+441234567890')
  expect(plain).toEqual({
    endpoint: 'https://sms.example/Messages.json',
    account: 'AC1',
    token: 'to@ken',
    from: '+441234567890',
  })
  expect(gatewaySettings('https://sms.example/?from=Clinic').from).toBe('Clinic')
})
