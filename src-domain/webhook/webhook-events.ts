/** What a webhook can be told of: domain events by their own names. Their payloads hold ids and codes, never health data. */
export const WEBHOOK_EVENTS = [
  'AppointmentBooked',
  'AppointmentMoved',
  'AppointmentCancelled',
  'AppointmentConfirmed',
  'AppointmentUnplaced',
  'AppointmentStatusChanged',
  'AppointmentEdited',
  'ScheduleChanged',
  'ScheduleTemplateChanged',
  'PatientChanged',
  'DoctorChanged',
  'AppointmentTypeChanged',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]
