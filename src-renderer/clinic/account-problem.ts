import type { TFunction } from 'i18next'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { refusalSentence } from './refusal-sentence.ts'

/** What the server refuses about accounts, each with its sentence under `account.problems`. */
const KNOWN = [
  'weak-password',
  'wrong-password',
  'wrong-code',
  'link-invalid',
  'code-invalid',
  'registration-closed',
  'too-many-attempts',
  'already-enrolled',
  'second-factor-demanded',
  'invalid-field',
] as const
type Known = (typeof KNOWN)[number]

/** The sentence for a refusal of whatever concerns an account. */
export function accountSentence(t: TFunction, failure: ApiFailure): string {
  if (failure.kind === 'offline') return t('log-in.problems.server-needed')
  const known = KNOWN.find((code) => code === failure.code)
  return known ? t(`account.problems.${known satisfies Known}`) : refusalSentence(t, failure.code)
}

/** The sentence where it is about that field, for the field to show. */
export const fieldError = (t: TFunction, failure: ApiFailure | null, field: string): string | null =>
  failure?.kind === 'refused' && failure.field === field ? accountSentence(t, failure) : null
