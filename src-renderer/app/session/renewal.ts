/** What a locked screen, or a session the server no longer knows, makes of the server's answers. */
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { LockProblem } from './session-state.ts'

/** How taking a session up again ended. */
export type Renewal = 'in' | 'offline' | 'failed' | 'wrong-code' | 'needs-code' | 'needs-enrolment'

export const LOCKED_AFTER = {
  offline: { problem: 'server-needed' },
  failed: { problem: 'wrong-credentials', needsCode: false },
  'wrong-code': { problem: 'wrong-code', needsCode: true },
  'needs-code': { problem: null, needsCode: true },
  'needs-enrolment': { problem: 'needs-enrolment', needsCode: false },
} as const satisfies Record<Exclude<Renewal, 'in'>, object>

/** Null where the server knows no session that could answer. */
export function problemOfCheck(failure: ApiFailure): LockProblem | null {
  if (failure.kind === 'offline') return 'server-needed'
  if (failure.status === 401) return null
  return failure.status === 429 ? 'too-many-tries' : 'wrong-credentials'
}

/** What the promise resolves to, or undefined when that takes longer. */
export async function withinMs<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
