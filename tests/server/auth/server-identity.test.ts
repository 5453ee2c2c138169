/** Which server it is: whoever holds the secret can answer a challenge, and nobody else. */
import { expect, test } from 'vitest'
import { signedText } from '#domain/api/server-identity-api.ts'
import { createServerIdentity } from '#server/operations/server-identity.ts'

const CHALLENGE = 'c'.repeat(43)
const NOW = 1_795_000_000_000

async function isProven(answer: ReturnType<ReturnType<typeof createServerIdentity>['prove']>, challenge: string) {
  const raw = Buffer.from(answer.publicKey, 'base64url')
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
  const text = new TextEncoder().encode(signedText(challenge, answer.serverTime))
  return crypto.subtle.verify('Ed25519', key, Buffer.from(answer.signature, 'base64url'), text)
}

test('an answer holds for its own challenge and time alone', async () => {
  const answer = createServerIdentity('one secret').prove(CHALLENGE, NOW)
  expect(await isProven(answer, CHALLENGE)).toBe(true)
  expect(await isProven(answer, 'd'.repeat(43))).toBe(false)
  expect(await isProven({ ...answer, serverTime: NOW + 1 }, CHALLENGE)).toBe(false)
})

test('instances with one secret are one server, another secret is another server', () => {
  const keyOf = (secret: string) => createServerIdentity(secret).prove(CHALLENGE, NOW).publicKey
  expect(keyOf('one secret')).toBe(keyOf('one secret'))
  expect(keyOf('one secret')).not.toBe(keyOf('another secret'))
})
