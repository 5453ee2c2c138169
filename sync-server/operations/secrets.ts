/** Random secrets handed to clients, and what of them is stored. */
import { createHash, createHmac, randomBytes } from 'node:crypto'

/** 256 random bits as 43 characters that need no quoting anywhere (RFC 4648, section 5). */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/**
 * SHA-256 in hex. A plain hash is enough: there is nothing to guess in 256 random bits, unlike in a password.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** What is stored of a code that people type in. `purpose` keeps codes of different kinds apart. */
export type HashCode = (code: string, purpose: string) => string

/**
 * Codes are short, so a plain hash could be guessed back by whoever has a copy of the database; with the server's secret in it it
 * cannot. Case, blanks and dashes do not count.
 */
export const createCodeHasher =
  (secretKey: string): HashCode =>
  (code, purpose) =>
    createHmac('sha256', secretKey)
      .update(`code\n${purpose}\n${code.replace(/[\s-]/g, '').toLowerCase()}`)
      .digest('hex')

/** Letters and digits that cannot be mistaken for each other: almost five bits each. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Random letters in groups with dashes between: for people to read out and type in. */
export function newCode(groups: number, size: number): string {
  const limit = 256 - (256 % LETTERS.length)
  const picked: string[] = []
  while (picked.length < groups * size) {
    const bytes = randomBytes(32).filter((byte) => byte < limit)
    picked.push(...Array.from(bytes, (byte) => LETTERS.charAt(byte % LETTERS.length)))
  }
  return Array.from({ length: groups }, (_, group) => picked.slice(group * size, (group + 1) * size).join('')).join('-')
}
