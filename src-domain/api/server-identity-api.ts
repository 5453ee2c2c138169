/**
 * `GET /api/v1/server-identity`: the server's public key and its clock, signed together with a challenge of the asker, so that nobody
 * who has only seen the key can answer in its place, and no old answer can be passed off as new.
 */
import Type from 'typebox'
import { instantSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const
/** Bytes in base64url without padding. */
const bytes = (length: number) => {
  const characters = Math.ceil((length * 8) / 6)
  return Type.String({ minLength: characters, maxLength: characters, pattern: '^[A-Za-z0-9_-]+$' })
}

export const identityQuerySchema = Type.Object(
  {
    /** 32 random bytes of the asker. */
    challenge: bytes(32),
  },
  strict,
)

export const identityAnswerSchema = Type.Object(
  {
    /** Ed25519, raw. */
    publicKey: bytes(32),
    /** Over `signedText`. */
    signature: bytes(64),
    /** The server's clock, epoch milliseconds. */
    serverTime: instantSchema(),
  },
  strict,
)
export type IdentityAnswer = Type.Static<typeof identityAnswerSchema>

/** What the server signs, as UTF-8. The first line keeps the signature from meaning anything elsewhere. */
export const signedText = (challenge: string, serverTime: number): string =>
  `clinic server identity v1\n${challenge}\n${serverTime}`
