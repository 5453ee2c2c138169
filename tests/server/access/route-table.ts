/**
 * Who gets through to which route. Checked in, so that a change of rights is seen in a review; a route without a row fails.
 * `in`: the operation is reached, which then judges the row · 401: sign in first · 403: lacks the permission in every scope.
 */
import { testId } from '#tests/support/builders.ts'
import type { Caller } from './callers.ts'

type Cell = 'in' | 401 | 403
export type Row = {
  readonly route: string
  readonly cells: Readonly<Record<Caller, Cell>>
  /** The address asked for, where the route has parameters. */
  readonly path?: string
  readonly body?: unknown
}

const public_ = row('in', 'in', 'in', 'in', 'in', 'in', 'in')
const signedIn = row(401, 'in', 'in', 'in', 'in', 401, 'in')
/** Everybody for themselves, and no program for anybody. */
const ownAccount = row(401, 'in', 'in', 'in', 'in', 401, 403)
/** A right that every shipped role has in some scope; operations judge the row. */
const everyRole = row(401, 'in', 'in', 'in', 'in', 401, 403)
const admin = row(401, 403, 403, 403, 'in', 401, 403)
/** Doctors for themselves, the administration for all. */
const hours = row(401, 403, 'in', 403, 'in', 401, 403)
const staff = row(401, 403, 'in', 'in', 'in', 401, 403)
/** The administration, and the program of the test, which may see reports. */
const reporting = row(401, 403, 403, 403, 'in', 401, 'in')
const desk = row(401, 403, 403, 'in', 'in', 401, 403)

const NOBODY = testId('Appointment', 999)
const at = (action: string) => `/api/v1/appointments/${NOBODY}${action}`
const SOMEBODY = `/api/v1/patients/${testId('Patient', 999)}`
const BOOKING = {
  doctorId: testId('Doctor', 1),
  patientId: testId('Patient', 1),
  typeId: testId('AppointmentType', 1),
  start: 0,
}

const PREFERENCES = { email: true, sms: true, app: true, reminders: true, language: '' }
const WORDS = '/api/v1/message-templates/booked/email/en'

const SLOTS = `typeId=${BOOKING.typeId}&from=2026-10-14&to=2026-10-14`

const HOLIDAY = { locationId: null, entries: [{ name: 'Founding day', from: '2027-02-03' }] }

export const ROUTE_TABLE: readonly Row[] = [
  { route: 'GET /healthz', cells: public_ },
  { route: 'GET /readyz', cells: public_ },
  { route: 'GET /api/v1/openapi.json', cells: public_ },
  { route: 'GET /api/v1/problems', cells: public_ },
  { route: 'GET /api/v1/docs', cells: public_ },
  { route: 'GET /api/v1/docs/', cells: public_ },
  { route: 'GET /api/v1/docs/js/scalar.js', cells: public_ },
  { route: 'GET /sync/v1', cells: public_ },
  { route: 'GET /sync/v1/schemas', cells: public_ },
  { route: 'GET /api/v1/reports', cells: reporting },
  {
    route: 'POST /api/v1/reports',
    cells: reporting,
    body: { definition: 'appointments', filter: { from: '2026-10-14', until: '2026-10-14' }, type: 'csv' },
  },
  { route: 'GET /api/v1/reports/:id', cells: reporting, path: `/api/v1/reports/${NOBODY}` },
  { route: 'POST /api/v1/reports/:id/cancel', cells: reporting, path: `/api/v1/reports/${NOBODY}/cancel` },
  { route: 'POST /api/v1/reports/:id/retry', cells: reporting, path: `/api/v1/reports/${NOBODY}/retry` },
  {
    route: 'POST /api/v1/reports/:id/download-link',
    cells: reporting,
    path: `/api/v1/reports/${NOBODY}/download-link`,
  },
  { route: 'GET /api/v1/report-downloads/:token', cells: reporting, path: '/api/v1/report-downloads/none' },
  { route: 'GET /api/v1/report-schedules', cells: reporting },
  {
    route: 'POST /api/v1/report-schedules',
    cells: reporting,
    body: {
      name: 'The week',
      definition: 'activity',
      range: 'last-week',
      filter: {},
      type: 'pdf',
      weekday: 1,
      dayOfMonth: null,
      localTime: '07:00',
      recipientIds: [testId('User', 999)],
      isActive: true,
    },
  },
  { route: 'GET /api/v1/report-schedules/:id', cells: reporting, path: `/api/v1/report-schedules/${NOBODY}` },
  {
    route: 'PATCH /api/v1/report-schedules/:id',
    cells: reporting,
    path: `/api/v1/report-schedules/${NOBODY}`,
    body: { isActive: false },
  },
  { route: 'DELETE /api/v1/report-schedules/:id', cells: reporting, path: `/api/v1/report-schedules/${NOBODY}` },
  { route: 'GET /api/v1/webhooks', cells: admin },
  {
    route: 'POST /api/v1/webhooks',
    cells: admin,
    body: { url: 'https://receiver.example/', eventTypes: ['AppointmentBooked'] },
  },
  { route: 'GET /api/v1/webhooks/:id', cells: admin, path: `/api/v1/webhooks/${NOBODY}` },
  { route: 'PATCH /api/v1/webhooks/:id', cells: admin, path: `/api/v1/webhooks/${NOBODY}`, body: { isActive: true } },
  { route: 'DELETE /api/v1/webhooks/:id', cells: admin, path: `/api/v1/webhooks/${NOBODY}` },
  { route: 'POST /api/v1/webhooks/:id/rotate-secret', cells: admin, path: `/api/v1/webhooks/${NOBODY}/rotate-secret` },
  { route: 'GET /api/v1/webhooks/:id/deliveries', cells: admin, path: `/api/v1/webhooks/${NOBODY}/deliveries` },
  {
    route: 'POST /api/v1/webhooks/:id/deliveries/:deliveryId/resend',
    cells: admin,
    path: `/api/v1/webhooks/${NOBODY}/deliveries/${NOBODY}/resend`,
  },
  { route: 'GET /api/v1/notifications', cells: ownAccount },
  { route: 'POST /api/v1/notifications/read', cells: ownAccount, body: {} },
  { route: 'GET /api/v1/notifications/stream', cells: public_ },
  { route: 'GET /api/v1/me/notification-preferences', cells: ownAccount },
  { route: 'PUT /api/v1/me/notification-preferences', cells: ownAccount, body: PREFERENCES },
  {
    route: 'GET /api/v1/patients/:id/notification-preferences',
    cells: everyRole,
    path: `${SOMEBODY}/notification-preferences`,
  },
  {
    route: 'PUT /api/v1/patients/:id/notification-preferences',
    cells: everyRole,
    path: `${SOMEBODY}/notification-preferences`,
    body: PREFERENCES,
  },
  { route: 'GET /api/v1/messages', cells: admin },
  { route: 'POST /api/v1/messages/:id/resend', cells: admin, path: `/api/v1/messages/${NOBODY}/resend` },
  { route: 'GET /api/v1/message-templates', cells: admin },
  { route: 'PUT /api/v1/message-templates/:kind/:channel/:language', cells: admin, path: WORDS, body: {} },
  {
    route: 'POST /api/v1/message-templates/:kind/:channel/:language/preview',
    cells: admin,
    path: `${WORDS}/preview`,
    body: {},
  },
  { route: 'DELETE /api/v1/message-templates/:kind/:channel/:language', cells: admin, path: WORDS },
  { route: 'GET /api/v1/reminder-rules', cells: admin },
  { route: 'POST /api/v1/reminder-rules', cells: admin, body: {} },
  { route: 'POST /api/v1/reminder-rules/dry-run', cells: admin, body: {} },
  { route: 'PATCH /api/v1/reminder-rules/:id', cells: admin, path: `/api/v1/reminder-rules/${NOBODY}`, body: {} },
  { route: 'DELETE /api/v1/reminder-rules/:id', cells: admin, path: `/api/v1/reminder-rules/${NOBODY}` },
  { route: 'GET /api/v1/message-replies', cells: desk },
  { route: 'POST /api/v1/message-replies/:id/settle', cells: everyRole, path: '/api/v1/message-replies/SM0/settle' },
  { route: 'GET /api/v1/parked-messages', cells: admin },
  { route: 'POST /api/v1/parked-messages/:id/replay', cells: admin, path: `/api/v1/parked-messages/${NOBODY}/replay` },
  { route: 'DELETE /api/v1/parked-messages/:id', cells: admin, path: `/api/v1/parked-messages/${NOBODY}` },
  // Public for whoever signs as the gateway; everybody else is refused by the signature.
  {
    route: 'POST /api/v1/gateway/sms/receipts/:token',
    cells: public_,
    path: '/api/v1/gateway/sms/receipts/none',
    body: {},
  },
  { route: 'POST /api/v1/gateway/sms/replies', cells: public_, body: {} },
  { route: 'GET /api/v1/calendar-feeds', cells: ownAccount },
  { route: 'POST /api/v1/calendar-feeds', cells: ownAccount, body: { doctorId: testId('Doctor', 1) } },
  { route: 'DELETE /api/v1/calendar-feeds/:id', cells: ownAccount, path: `/api/v1/calendar-feeds/${NOBODY}` },
  { route: 'GET /ical/:secret.ics', cells: public_, path: '/ical/nobody.ics' },
  { route: 'GET /fhir/r4/metadata', cells: public_ },
  { route: 'GET /fhir/r4/Practitioner', cells: signedIn },
  { route: 'GET /fhir/r4/Practitioner/:id', cells: signedIn, path: `/fhir/r4/Practitioner/${NOBODY}` },
  { route: 'GET /fhir/r4/Schedule', cells: signedIn },
  { route: 'GET /fhir/r4/Schedule/:id', cells: signedIn, path: `/fhir/r4/Schedule/${NOBODY}` },
  { route: 'GET /fhir/r4/Slot', cells: everyRole, path: '/fhir/r4/Slot?start=2026-10-14' },
  { route: 'GET /fhir/r4/Slot/:id', cells: everyRole, path: '/fhir/r4/Slot/1' },
  { route: 'GET /fhir/r4/Patient', cells: everyRole },
  { route: 'GET /fhir/r4/Patient/:id', cells: everyRole, path: `/fhir/r4/Patient/${NOBODY}` },
  { route: 'GET /fhir/r4/Appointment', cells: everyRole },
  { route: 'GET /fhir/r4/Appointment/:id', cells: everyRole, path: `/fhir/r4/Appointment/${NOBODY}` },
  { route: 'POST /fhir/r4/Appointment', cells: everyRole, body: { resourceType: 'Appointment' } },
  {
    route: 'PUT /fhir/r4/Appointment/:id',
    cells: everyRole,
    path: `/fhir/r4/Appointment/${NOBODY}`,
    body: { resourceType: 'Appointment' },
  },
  { route: 'POST /api/v1/setup', cells: public_, body: {} },
  { route: 'POST /api/v1/auth/login', cells: public_, body: {} },
  { route: 'POST /api/v1/auth/password-reset', cells: public_, body: {} },
  { route: 'POST /api/v1/auth/password', cells: public_, body: {} },
  { route: 'POST /api/v1/auth/email', cells: public_, body: {} },
  { route: 'GET /api/v1/registrations', cells: public_ },
  { route: 'POST /api/v1/registrations', cells: public_, body: {} },
  { route: 'POST /api/v1/registrations/confirm', cells: public_, body: {} },
  { route: 'POST /api/v1/me/password', cells: ownAccount, body: {} },
  { route: 'POST /api/v1/me/email', cells: ownAccount, body: {} },
  { route: 'POST /api/v1/me/patients', cells: ownAccount, body: {} },
  { route: 'GET /api/v1/patients/likely-duplicates', cells: desk },
  { route: 'POST /api/v1/patients/likely-duplicates/settle', cells: desk, body: {} },
  { route: 'POST /api/v1/patients/:id/link-code', cells: desk, path: `/api/v1/patients/${NOBODY}/link-code` },
  {
    route: 'POST /api/v1/patients/:id/invitation',
    cells: desk,
    path: `/api/v1/patients/${NOBODY}/invitation`,
    body: {},
  },
  { route: 'POST /api/v1/auth/second-factor', cells: public_, body: {} },
  { route: 'POST /api/v1/auth/second-factor/enrolment', cells: public_, body: {} },
  { route: 'POST /api/v1/me/second-factor', cells: ownAccount, body: {} },
  { route: 'POST /api/v1/me/second-factor/confirm', cells: ownAccount, body: {} },
  { route: 'POST /api/v1/me/second-factor/recovery-codes', cells: ownAccount, body: {} },
  { route: 'POST /api/v1/me/second-factor/remove', cells: ownAccount, body: {} },
  { route: 'POST /api/v1/me/password-check', cells: ownAccount, body: {} },
  { route: 'DELETE /api/v1/users/:id/second-factor', cells: admin, path: `/api/v1/users/${NOBODY}/second-factor` },
  { route: 'GET /api/v1/tokens', cells: ownAccount },
  { route: 'POST /api/v1/tokens', cells: ownAccount, body: {} },
  { route: 'DELETE /api/v1/tokens/:id', cells: ownAccount, path: `/api/v1/tokens/${NOBODY}` },
  { route: 'POST /api/v1/me/clinics', cells: ownAccount, body: {} },
  { route: 'PUT /api/v1/me/device', cells: ownAccount, body: {} },
  { route: 'DELETE /api/v1/auth/sessions', cells: ownAccount },
  { route: 'GET /api/v1/users', cells: admin },
  { route: 'GET /api/v1/users/:id', cells: admin, path: `/api/v1/users/${NOBODY}` },
  { route: 'PATCH /api/v1/users/:id', cells: admin, path: `/api/v1/users/${NOBODY}`, body: {} },
  { route: 'GET /api/v1/users/:id/sessions', cells: admin, path: `/api/v1/users/${NOBODY}/sessions` },
  { route: 'DELETE /api/v1/users/:id/sessions', cells: admin, path: `/api/v1/users/${NOBODY}/sessions` },
  { route: 'GET /api/v1/invitations', cells: admin },
  { route: 'POST /api/v1/invitations', cells: admin, body: {} },
  { route: 'DELETE /api/v1/invitations/:id', cells: admin, path: `/api/v1/invitations/${NOBODY}` },
  { route: 'GET /api/v1/permissions', cells: signedIn },
  { route: 'GET /api/v1/roles', cells: admin },
  { route: 'POST /api/v1/roles', cells: admin, body: {} },
  { route: 'PATCH /api/v1/roles/:id', cells: admin, path: `/api/v1/roles/${NOBODY}`, body: {} },
  { route: 'DELETE /api/v1/roles/:id', cells: admin, path: `/api/v1/roles/${NOBODY}` },
  { route: 'GET /api/v1/devices', cells: admin },
  { route: 'DELETE /api/v1/devices/:id', cells: admin, path: `/api/v1/devices/${NOBODY}` },
  { route: 'GET /api/v1/auth/me', cells: signedIn },
  { route: 'POST /api/v1/auth/socket-ticket', cells: ownAccount },
  { route: 'GET /api/v1/auth/sessions', cells: ownAccount },
  { route: 'DELETE /api/v1/auth/sessions/:id', cells: ownAccount, path: `/api/v1/auth/sessions/${NOBODY}` },
  { route: 'POST /api/v1/auth/logout', cells: ownAccount },
  {
    route: 'POST /api/v1/availability/preview',
    cells: hours,
    body: { change: { kind: 'end-hours', templateId: NOBODY, lastDay: '2026-12-31' } },
  },
  {
    route: 'POST /api/v1/availability/apply',
    cells: hours,
    body: { change: { kind: 'end-hours', templateId: NOBODY, lastDay: '2026-12-31' }, mode: 'refuse-if-stranded' },
  },
  { route: 'GET /api/v1/closures', cells: staff },
  { route: 'POST /api/v1/closures', cells: admin, body: { ...HOLIDAY, mode: 'refuse-if-stranded' } },
  { route: 'POST /api/v1/closures/preview', cells: admin, body: HOLIDAY },
  { route: 'DELETE /api/v1/closures/:id', cells: admin, path: `/api/v1/closures/${NOBODY}` },
  { route: 'GET /api/v1/appointments/stranded', cells: everyRole },
  { route: 'GET /api/v1/slots', cells: everyRole, path: `/api/v1/slots?${SLOTS}` },
  { route: 'GET /api/v1/slots/next-free', cells: everyRole, path: `/api/v1/slots/next-free?typeId=${BOOKING.typeId}` },
  {
    route: 'GET /api/v1/slots/third-next-available',
    cells: staff,
    path: `/api/v1/slots/third-next-available?typeId=${BOOKING.typeId}`,
  },
  {
    route: 'GET /api/v1/doctors/:id/slots',
    cells: everyRole,
    path: `/api/v1/doctors/${BOOKING.doctorId}/slots?${SLOTS}`,
  },
  { route: 'GET /api/v1/activity', cells: admin },
  { route: 'POST /api/v1/access-events', cells: signedIn, body: {} },
  { route: 'GET /api/v1/patients/:id/export', cells: everyRole, path: `${SOMEBODY}/export` },
  { route: 'GET /api/v1/patients/:id/erasure', cells: admin, path: `${SOMEBODY}/erasure` },
  {
    route: 'POST /api/v1/patients/:id/erasure',
    cells: admin,
    path: `${SOMEBODY}/erasure`,
    body: { reason: 'requested', confirmation: 'none' },
  },
  { route: 'GET /api/v1/patients/:id/legal-holds', cells: admin, path: `${SOMEBODY}/legal-holds` },
  {
    route: 'POST /api/v1/patients/:id/legal-holds',
    cells: admin,
    path: `${SOMEBODY}/legal-holds`,
    body: { reason: 'x' },
  },
  {
    route: 'DELETE /api/v1/patients/:id/legal-holds/:holdId',
    cells: admin,
    path: `${SOMEBODY}/legal-holds/${NOBODY}`,
  },
  { route: 'GET /api/v1/appointments', cells: everyRole, path: '/api/v1/appointments?from=2026-10-14&to=2026-10-14' },
  { route: 'POST /api/v1/appointments', cells: everyRole, body: BOOKING },
  { route: 'GET /api/v1/appointments/:id', cells: everyRole, path: at('') },
  { route: 'PATCH /api/v1/appointments/:id', cells: staff, path: at(''), body: { note: '', revision: 1 } },
  { route: 'GET /api/v1/appointments/:id/alternatives', cells: everyRole, path: at('/alternatives') },
  { route: 'POST /api/v1/appointments/:id/move', cells: everyRole, path: at('/move'), body: { start: 0, revision: 1 } },
  {
    route: 'POST /api/v1/appointments/:id/cancel',
    cells: everyRole,
    path: at('/cancel'),
    body: { reason: 'x', revision: 1 },
  },
  { route: 'POST /api/v1/appointments/:id/confirm', cells: staff, path: at('/confirm'), body: { revision: 1 } },
  {
    route: 'POST /api/v1/appointments/:id/status',
    cells: staff,
    path: at('/status'),
    body: { step: 'arrive', revision: 1 },
  },
  { route: 'POST /api/v1/appointments/:id/undo', cells: everyRole, path: at('/undo'), body: { revision: 1 } },
  {
    route: 'POST /api/v1/series',
    cells: everyRole,
    body: {
      ...BOOKING,
      start: { day: '2026-10-14', time: '09:00' },
      rule: { frequency: 'daily', interval: 1, count: 2 },
    },
  },
  { route: 'GET /api/v1/series/:id', cells: everyRole, path: `/api/v1/series/${NOBODY}` },
  {
    route: 'POST /api/v1/series/:id/cancel',
    cells: everyRole,
    path: `/api/v1/series/${NOBODY}/cancel`,
    body: { reason: 'x' },
  },
  {
    route: 'POST /api/v1/doctors/:id/day/cancel',
    cells: everyRole,
    path: `/api/v1/doctors/${NOBODY}/day/cancel`,
    body: { day: '2026-10-14', reason: 'x' },
  },
  {
    route: 'POST /api/v1/doctors/:id/day/move',
    cells: everyRole,
    path: `/api/v1/doctors/${NOBODY}/day/move`,
    body: { day: '2026-10-14', toDay: '2026-10-15' },
  },
  {
    route: 'GET /api/v1/doctors/:id/day/calls',
    cells: everyRole,
    path: `/api/v1/doctors/${NOBODY}/day/calls?day=2026-10-14`,
  },
  { route: 'GET /api/v1/waitlist', cells: everyRole },
  {
    route: 'POST /api/v1/waitlist',
    cells: everyRole,
    // Doctors write on the list for themselves.
    body: { patientId: testId('Patient', 1), typeId: testId('AppointmentType', 1), doctorIds: [testId('Doctor', 1)] },
  },
  { route: 'PATCH /api/v1/waitlist/:id', cells: everyRole, path: `/api/v1/waitlist/${NOBODY}`, body: { note: '' } },
  {
    route: 'GET /api/v1/waitlist/fits',
    cells: everyRole,
    path: `/api/v1/waitlist/fits?doctorId=${testId('Doctor', 1)}&typeId=${testId('AppointmentType', 1)}&start=0`,
  },
  { route: 'GET /api/v1/waitlist/offers', cells: everyRole },
  {
    route: 'POST /api/v1/waitlist/offers',
    cells: everyRole,
    body: { entryIds: [NOBODY], doctorId: testId('Doctor', 1), start: 0 },
  },
  {
    route: 'POST /api/v1/waitlist/offers/:id/accept',
    cells: everyRole,
    path: `/api/v1/waitlist/offers/${NOBODY}/accept`,
  },
  {
    route: 'POST /api/v1/waitlist/offers/:id/decline',
    cells: everyRole,
    path: `/api/v1/waitlist/offers/${NOBODY}/decline`,
  },
  { route: 'POST /api/v1/holds', cells: everyRole, body: BOOKING },
  { route: 'GET /api/v1/holds', cells: everyRole, path: '/api/v1/holds?from=2026-10-14&to=2026-10-14' },
  { route: 'DELETE /api/v1/holds/:id', cells: everyRole, path: `/api/v1/holds/${NOBODY}` },
  { route: 'GET /api/v1/doctors', cells: signedIn },
  { route: 'GET /api/v1/doctors/:id', cells: signedIn, path: `/api/v1/doctors/${NOBODY}` },
  { route: 'POST /api/v1/doctors', cells: admin, body: {} },
  { route: 'PATCH /api/v1/doctors/:id', cells: admin, path: `/api/v1/doctors/${NOBODY}`, body: {} },
  { route: 'DELETE /api/v1/doctors/:id', cells: admin, path: `/api/v1/doctors/${NOBODY}` },
  { route: 'GET /api/v1/patients', cells: everyRole },
  { route: 'GET /api/v1/patients/:id', cells: everyRole, path: `/api/v1/patients/${NOBODY}` },
  { route: 'POST /api/v1/patients', cells: desk, body: {} },
  { route: 'PATCH /api/v1/patients/:id', cells: desk, path: `/api/v1/patients/${NOBODY}`, body: {} },
  { route: 'GET /api/v1/schedules', cells: staff },
  { route: 'GET /api/v1/schedules/:id', cells: staff, path: `/api/v1/schedules/${NOBODY}` },
  { route: 'POST /api/v1/schedules', cells: hours, body: {} },
  { route: 'PATCH /api/v1/schedules/:id', cells: hours, path: `/api/v1/schedules/${NOBODY}`, body: {} },
  { route: 'DELETE /api/v1/schedules/:id', cells: hours, path: `/api/v1/schedules/${NOBODY}` },
  { route: 'GET /api/v1/schedule-templates', cells: staff },
  { route: 'GET /api/v1/schedule-templates/:id', cells: staff, path: `/api/v1/schedule-templates/${NOBODY}` },
  { route: 'POST /api/v1/schedule-templates', cells: hours, body: {} },
  {
    route: 'PATCH /api/v1/schedule-templates/:id',
    cells: hours,
    path: `/api/v1/schedule-templates/${NOBODY}`,
    body: {},
  },
  { route: 'DELETE /api/v1/schedule-templates/:id', cells: hours, path: `/api/v1/schedule-templates/${NOBODY}` },
  { route: 'GET /api/v1/appointment-types', cells: signedIn },
  { route: 'GET /api/v1/appointment-types/:id', cells: signedIn, path: `/api/v1/appointment-types/${NOBODY}` },
  { route: 'POST /api/v1/appointment-types', cells: admin, body: {} },
  {
    route: 'PATCH /api/v1/appointment-types/:id',
    cells: admin,
    path: `/api/v1/appointment-types/${NOBODY}`,
    body: {},
  },
  { route: 'DELETE /api/v1/appointment-types/:id', cells: admin, path: `/api/v1/appointment-types/${NOBODY}` },
  { route: 'GET /api/v1/clinic', cells: admin },
  { route: 'PATCH /api/v1/clinic', cells: admin, body: { revision: 0 } },
  { route: 'GET /api/v1/locations', cells: signedIn },
  { route: 'POST /api/v1/locations', cells: admin, body: {} },
  { route: 'PATCH /api/v1/locations/:id', cells: admin, path: `/api/v1/locations/${NOBODY}`, body: {} },
  { route: 'GET /api/v1/equipment', cells: signedIn },
  { route: 'POST /api/v1/equipment', cells: admin, body: {} },
  { route: 'PATCH /api/v1/equipment/:id', cells: admin, path: `/api/v1/equipment/${NOBODY}`, body: {} },
  { route: 'GET /api/v1/rooms', cells: signedIn },
  { route: 'GET /api/v1/rooms/:id', cells: signedIn, path: `/api/v1/rooms/${NOBODY}` },
  { route: 'POST /api/v1/rooms', cells: admin, body: {} },
  { route: 'PATCH /api/v1/rooms/:id', cells: admin, path: `/api/v1/rooms/${NOBODY}`, body: {} },
  { route: 'DELETE /api/v1/rooms/:id', cells: admin, path: `/api/v1/rooms/${NOBODY}` },
]

/** Whoever was let in and no longer is (expired, ended, disabled) is a stranger. */
function row(
  anonymous: Cell,
  patient: Cell,
  doctor: Cell,
  receptionist: Cell,
  administrator: Cell,
  gone: Cell,
  token: Cell,
): Row['cells'] {
  return {
    anonymous,
    patient,
    doctor,
    receptionist,
    admin: administrator,
    expired: gone,
    ended: gone,
    disabled: gone,
    token,
  }
}
