import type { TFunction } from 'i18next'
import { REJECTION_REASONS } from '#domain/sync/rejection-reasons.ts'
import { type LocalReason, NOT_HERE } from '#renderer/local-db/place-check.ts'

const KNOWN: ReadonlySet<string> = new Set([...REJECTION_REASONS, NOT_HERE])

/** The sentence for a refusal. A reason this version does not know yet is said in general words. */
export function refusalSentence(t: TFunction, reason: string): string {
  return KNOWN.has(reason) ? t(`refusal.${reason as LocalReason}`) : t('refusal.unknown')
}
