/** A signed-in person on one device: what every doorway hands to operations. */
import type { Subject } from '#domain/access/can.ts'
import type { ClinicId, DeviceId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Transport } from '#server/repositories/sessions.ts'

export type Session = {
  readonly sessionId: Id<'Session'>
  readonly userId: UserId
  readonly clinicId: ClinicId
  readonly deviceId: DeviceId | null
  readonly transport: Transport
  readonly expiresAt: Instant
  /** The person's rights, at most three seconds old. */
  subject(): Promise<Subject>
}
