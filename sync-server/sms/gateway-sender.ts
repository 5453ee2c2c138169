/**
 * Hands texts to an HTTP gateway in the shape that Twilio's Messages resource has and others copy: a form with To, From, Body and
 * StatusCallback, answered by JSON with `sid`.
 */
import Type from 'typebox'
import { Check } from 'typebox/value'
import { seconds } from '#domain/time/instant.ts'
import { SmsPaused, SmsRefused, type SmsSender } from './sms-sender.ts'

const TIMEOUT_MS = seconds(10)
const answerSchema = Type.Object({ sid: Type.String({ minLength: 1, maxLength: 64 }) })
/** Answers of the client's own fault that a later try may mend all the same. */
const PASSING = new Set([401, 403, 404, 408, 425, 429])

export type GatewaySettings = {
  /** Where texts are posted. */
  readonly endpoint: string
  /** Account and token, as basic authentication; empty where the address has none. */
  readonly account: string
  readonly token: string
  readonly from: string
}

/** @param url `https://ACCOUNT:TOKEN@host/path?from=%2B441234567890` */
export function gatewaySettings(url: string): GatewaySettings {
  const parsed = new URL(url)
  const { username, password, searchParams } = parsed
  // In an address a plus stands for a blank.
  const from = (searchParams.get('from') ?? '').trim().replace(/^(?=\d{6,})/, '+')
  searchParams.delete('from')
  parsed.username = ''
  parsed.password = ''
  return {
    endpoint: parsed.toString(),
    account: decodeURIComponent(username),
    token: decodeURIComponent(password),
    from,
  }
}

export function createGatewaySender(
  { endpoint, account, token, from }: GatewaySettings,
  timeoutMs = TIMEOUT_MS,
): SmsSender {
  const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`
  return {
    send: async ({ to, body, statusCallback }) => {
      const form = new URLSearchParams({ To: to, From: from, Body: body })
      if (statusCallback !== undefined) form.set('StatusCallback', statusCallback)
      const response = await fetch(endpoint, {
        method: 'POST',
        // What a gateway redirects to has not been agreed on.
        redirect: 'error',
        headers: { accept: 'application/json', ...(account !== '' && { authorization }) },
        body: form,
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (!response.ok) throw refusalOf(response)
      const answer: unknown = await response.json()
      if (!Check(answerSchema, answer)) throw new Error('The gateway gave no id')
      return { gatewayId: answer.sid }
    },
  }
}

function refusalOf({ status, headers }: Response): Error {
  const wait = Number(headers.get('retry-after'))
  if (status === 429 || status === 503) return new SmsPaused(Number.isFinite(wait) && wait > 0 ? seconds(wait) : 0)
  if (status >= 400 && status < 500 && !PASSING.has(status)) return new SmsRefused(`HTTP ${status}`)
  return new Error(`The gateway answered ${status}`)
}
