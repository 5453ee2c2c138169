import type { TFunction } from 'i18next'
import { REJECTION_REASONS, type RejectionReason } from '#domain/sync/rejection-reasons.ts'

const KNOWN: ReadonlySet<string> = new Set(REJECTION_REASONS)

/** The sentence for a refusal. A reason this version does not know yet is said in general words. */
export function refusalSentence(t: TFunction, reason: string): string {
  return KNOWN.has(reason) ? t(`refusal.${reason as RejectionReason}`) : t('refusal.unknown')
}
