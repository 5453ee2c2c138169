import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { NotificationBell } from '#renderer/features/notifications/notification-bell.tsx'
import { find, readAll } from '#renderer/local-db/queries.ts'
import type { Host } from './desk-parts.ts'
import { showOverlay, useView } from './view-state.ts'

type BellProps = { readonly host: Host; readonly onVisit: (visit: Appointment) => void }

/** The bell of the open session; `onVisit` shows the visit a message is about. */
export function Bell({ host, onVisit }: BellProps) {
  const { platform, session } = host
  const isOpen = useView((view) => view.overlay === 'notifications')
  const showVisit = async (id: AppointmentId): Promise<boolean> => {
    const [visit] = await readAll(find(session.database, 'appointments', { id }))
    // The list gives the focus back to the bell before the visit takes it.
    if (visit) requestAnimationFrame(() => onVisit(visit))
    return visit !== undefined
  }
  return (
    <NotificationBell
      platform={platform}
      isOpen={isOpen}
      onOpen={(next) => showOverlay(next ? 'notifications' : 'none')}
      onVisit={showVisit}
    />
  )
}
