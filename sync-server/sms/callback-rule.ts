/**
 * Whether a call comes from the gateway: signed over address and form with the account's token (the scheme of `X-Twilio-Signature`:
 * HMAC-SHA1 over the address with every field, in order of their names, appended as name and value), for an address that we made
 * ourselves where it is a report, and only once.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { hours, type Instant, minutes } from '#domain/time/instant.ts'

export const SIGNATURE_HEADER = 'x-twilio-signature'
/** A gateway that says when it sent a call is held to it. */
export const TIMESTAMP_HEADER = 'x-gateway-timestamp'
const CALL_WINDOW_MS = minutes(5)
/** So long a report on a text may come; after that nothing about it matters. */
const REPORT_WINDOW_MS = hours(24 * 7)

export type GatewayCall = {
  /** The whole address as the gateway knows it. */
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
  readonly signature: string
  /** Seconds since 1970, where the gateway says so. */
  readonly timestamp?: string | undefined
}

export function signatureOf(url: string, fields: GatewayCall['fields'], token: string): string {
  const text = Object.keys(fields)
    .toSorted()
    .reduce((sum, name) => `${sum}${name}${fields[name]}`, url)
  return createHmac('sha1', token).update(text, 'utf8').digest('base64')
}

/** @returns false for a wrong signature, and for a call that says it was sent at another time */
export function isFromGateway(call: GatewayCall, token: string, now: Instant): boolean {
  if (token === '') return false
  const expected = Buffer.from(signatureOf(call.url, call.fields, token))
  const given = Buffer.from(call.signature)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return false
  if (call.timestamp === undefined) return true
  return Math.abs(Number(call.timestamp) * 1000 - now) <= CALL_WINDOW_MS
}

const MAC_LENGTH = 27

/** A name for a text in the address of its reports, good for a week: nobody can make up another one, or use it later. */
export function reportToken(secret: string, notificationId: string, now: Instant): string {
  const body = `${notificationId}.${now.toString(36)}`
  return `${body}.${macOf(secret, body)}`
}

/** @returns the text that a report is about, or null for a token that we did not make, or made too long ago */
export function readReportToken(secret: string, token: string, now: Instant): string | null {
  const [id = '', time = '', mac = ''] = token.split('.')
  const expected = macOf(secret, `${id}.${time}`)
  const isOurs = mac.length === MAC_LENGTH && timingSafeEqual(Buffer.from(mac), Buffer.from(expected))
  const madeAt = Number.parseInt(time, 36)
  return isOurs && madeAt <= now + CALL_WINDOW_MS && now - madeAt <= REPORT_WINDOW_MS ? id : null
}

const macOf = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(`sms-report ${body}`).digest('base64url').slice(0, MAC_LENGTH)
