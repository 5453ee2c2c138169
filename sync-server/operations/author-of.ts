import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { findUser } from '#server/repositories/users.ts'
import type { WriteContext } from './write-context.ts'

/** The name of whoever acts, as it is kept beside what they did; '' for the server itself. */
export async function authorName({ tx, subject, readOnce }: WriteContext): Promise<string> {
  if (subject === null) return ''
  const user = await readOnce(`users/${subject.userId}`, () => findUser(tx, subject.userId))
  return user?.name.slice(0, 120) ?? ''
}

type Cancellation = Pick<Appointment, 'cancelledAt' | 'cancelledBy' | 'cancelledByName'>

const NOT_CANCELLED: Cancellation = { cancelledAt: null, cancelledBy: null, cancelledByName: '' }

/** Who called a visit off, and when: noted with the step, gone when it is taken back; of history what it says. */
export async function cancellationOf(
  ctx: WriteContext,
  current: Appointment | null,
  wanted: Appointment,
): Promise<Cancellation> {
  if (wanted.status !== 'cancelled') return NOT_CANCELLED
  if (current?.status === 'cancelled' || ctx.door === 'import' || ctx.door === 'seed') {
    const { cancelledAt, cancelledBy, cancelledByName } = current ?? wanted
    return { cancelledAt, cancelledBy, cancelledByName }
  }
  return { cancelledAt: ctx.now, cancelledBy: ctx.subject?.userId ?? null, cancelledByName: await authorName(ctx) }
}
