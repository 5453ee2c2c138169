/** Which service wants to hear of what. Queues, the relay and the sweeper all read this table. */
import { WEBHOOK_EVENTS } from '#domain/webhook/webhook-events.ts'
import type { DomainEventType } from './domain-events.ts'

export const CONSUMERS = ['webhooks', 'notifications', 'reminders', 'reports'] as const
export type ConsumerName = (typeof CONSUMERS)[number]

export const SUBSCRIPTIONS: Readonly<Record<ConsumerName, readonly DomainEventType[]>> = {
  webhooks: WEBHOOK_EVENTS,
  notifications: [
    'AppointmentBooked',
    'AppointmentMoved',
    'AppointmentCancelled',
    'AppointmentConfirmed',
    'AppointmentUnplaced',
    'ScheduleChanged',
    'WaitlistOfferMade',
    'DoctorDelayTold',
    'ReportFinished',
    'DeviceRevoked',
    'SignedInFromNewDevice',
  ],
  reminders: [
    'AppointmentBooked',
    'AppointmentMoved',
    'AppointmentCancelled',
    'AppointmentStatusChanged',
    'AppointmentUnplaced',
    'ReminderRulesChanged',
  ],
  reports: ['ReportRequested'],
}

export const wants = (consumer: ConsumerName, type: DomainEventType): boolean => SUBSCRIPTIONS[consumer].includes(type)
