/** Random secrets handed to clients, and what of them is stored. */
import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as 43 characters that need no quoting anywhere (RFC 4648, section 5). */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/**
 * SHA-256 in hex. A plain hash is enough: there is nothing to guess in 256 random bits, unlike in a password.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')
