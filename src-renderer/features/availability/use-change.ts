/** A change of availability in two steps: what it would strand, then the change, as the person decides. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApplyMode, AvailabilityChange, Impact } from '#domain/api/availability-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { AvailabilityApi } from '#renderer/server-api/availability-api.ts'

export type ChangeState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' }
  /** `isAgain`: meanwhile somebody booked or called off, and this is how it is now. */
  | { readonly kind: 'seen'; readonly change: AvailabilityChange; readonly impact: Impact; readonly isAgain: boolean }
  /** Saved; these keep their time until somebody has called them. */
  | { readonly kind: 'listed'; readonly impact: Impact }
  | { readonly kind: 'failed'; readonly message: string }

export type Change = {
  readonly state: ChangeState
  readonly ask: (change: AvailabilityChange) => Promise<void>
  readonly decide: (mode: Exclude<ApplyMode, 'refuse-if-stranded'>) => Promise<void>
  readonly close: () => void
}

/** @param onSaved what was entered is entered no more */
export function useChange(api: AvailabilityApi, onSaved: (change: AvailabilityChange) => void): Change {
  const { t } = useTranslation()
  const [state, setState] = useState<ChangeState>({ kind: 'idle' })
  const fail = (failure: ApiFailure): void =>
    setState({ kind: 'failed', message: failure.kind === 'offline' ? t('availability.offline') : failure.message })
  const look = async (change: AvailabilityChange, isAgain: boolean): Promise<void> => {
    setState({ kind: 'asking' })
    const seen = await api.preview(change)
    if (seen.ok) setState({ kind: 'seen', change, impact: seen.value, isAgain })
    else fail(seen)
  }
  return {
    state,
    ask: (change) => look(change, false),
    close: () => setState({ kind: 'idle' }),
    decide: async (mode) => {
      if (state.kind !== 'seen') return
      const { change, impact } = state
      setState({ kind: 'asking' })
      const saved = await api.apply({ change, mode, impact: impact.impact })
      if (saved.ok) {
        onSaved(change)
        setState(mode === 'apply-and-list' ? { kind: 'listed', impact: saved.value } : { kind: 'idle' })
      } else if (saved.kind === 'refused' && saved.code === 'impact-changed') await look(change, true)
      else fail(saved)
    },
  }
}
