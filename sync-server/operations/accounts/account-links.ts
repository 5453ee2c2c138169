/** Links and codes of accounts: made here, used up by the operation they open. */
import { ACCOUNT_PATHS, type AccountPage } from '#domain/api/account-schemas.ts'
import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { hashSecret, newSecret } from '#server/operations/secrets.ts'
import {
  type AccountTokenKind,
  type AccountTokenRow,
  deleteExpiredTokens,
  insertAccountToken,
} from '#server/repositories/account-tokens.ts'
import type { AccountDeps } from './account-deps.ts'

/** How long each is good for (OWASP ASVS 5.0, 6.5.5: what stands in for a password, at most ten minutes). */
export const LIFETIME_MS: Readonly<Record<AccountTokenKind, number>> = {
  registration: hours(24),
  invitation: hours(24),
  'password-reset': minutes(10),
  'email-change': minutes(60),
  'link-code': hours(24),
  'second-factor': minutes(5),
}

/** Useless tokens stay a day, so that a late click can be told from a wrong one in the tables. */
const KEPT_MS = hours(24)

export type NewAccountToken = {
  readonly kind: AccountTokenKind
  readonly clinicId?: ClinicId | null
  readonly userId?: UserId | null
  readonly patientId?: PatientId | null
  /** Kept encrypted beside the token. */
  readonly carries?: object
  /** Typed by hand, with its own way of hashing; a random secret otherwise. */
  readonly code?: { readonly secret: string; readonly hash: string }
}

type Deps = Pick<AccountDeps, 'now' | 'tokenSeal'>

/** Stores a new token and answers its secret, which is stored nowhere. */
export async function issueAccountToken({ now, tokenSeal }: Deps, tx: Tx, token: NewAccountToken): Promise<string> {
  const secret = token.code?.secret ?? newSecret()
  const tokenHash = token.code?.hash ?? hashSecret(secret)
  const createdAt = now()
  await deleteExpiredTokens(tx, createdAt - KEPT_MS)
  await insertAccountToken(tx, {
    token_hash: tokenHash,
    kind: token.kind,
    clinic_id: token.clinicId ?? null,
    user_id: token.userId ?? null,
    patient_id: token.patientId ?? null,
    sealed: token.carries === undefined ? '' : tokenSeal.close(JSON.stringify(token.carries), tokenHash),
    created_at: createdAt,
    expires_at: createdAt + LIFETIME_MS[token.kind],
  })
  return secret
}

/** What a token carries. @throws Error for one that was sealed with another key: the server's secret has changed. */
export function carriedBy<Carried>({ tokenSeal }: Pick<AccountDeps, 'tokenSeal'>, row: AccountTokenRow): Carried {
  const text = tokenSeal.open(row.sealed, row.token_hash)
  if (text === null) throw new Error('A token was sealed with another key')
  return JSON.parse(text) as Carried
}

/** A link to one of the app's pages; the secret stands after `#`, so that it reaches no server's log. */
export const linkWith = ({ linkTo }: Pick<AccountDeps, 'linkTo'>, page: AccountPage, secret: string): string =>
  `${linkTo(ACCOUNT_PATHS[page])}#${secret}`
