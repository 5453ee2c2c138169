/**
 * When a visit's reminders are due. Leads of whole days are counted on the calendar: a day before 10:00 is 10:00 the day before,
 * also over a night that is an hour shorter or longer. Shorter leads are real minutes.
 */
import Type from 'typebox'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { localTimeSchema, oneOf } from '#domain/schema-parts.ts'
import { addDays, toInstantChoosing, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { CHANNELS, type Channel } from './message-kinds.ts'
import { lastAllowed, nextAllowed, type QuietHours } from './quiet-hours.ts'

const LONGEST_LEAD_MINUTES = 90 * 24 * 60
const DAY_MINUTES = 24 * 60
/** A reminder that comes later than this before the visit helps nobody to set out in time. */
const LATEST_BEFORE_START_MS = minutes(30)

export const reminderRuleSchema = Type.Object(
  {
    id: idSchema<'ReminderRule'>(),
    kind: Type.Literal('reminder'),
    leadMinutes: Type.Integer({ minimum: 10, maximum: LONGEST_LEAD_MINUTES }),
    channel: oneOf(CHANNELS),
    /** Types of visit it is for; empty means all. */
    typeIds: Type.Array(idSchema<'AppointmentType'>(), { maxItems: 200 }),
    /** When it may be sent, half-open on the clinic's wall, also over midnight; `from` equal to `until` means at any time. */
    window: Type.Object({ from: localTimeSchema(), until: localTimeSchema() }, { additionalProperties: false }),
    isActive: Type.Boolean(),
    /**
     * For a visit that got its time when the reminder was already due: with at least this many minutes to go the reminder is sent
     * at once, with fewer it is left out. As many as `leadMinutes` means it is always left out.
     */
    minimumNoticeMinutes: Type.Integer({ minimum: 0, maximum: LONGEST_LEAD_MINUTES }),
  },
  { additionalProperties: false },
)
export type ReminderRule = Type.Static<typeof reminderRuleSchema>

export type RemindedVisit = Pick<Appointment, 'start' | 'status' | 'doctorId' | 'typeId'> & {
  /** When the visit was given this start: booked, moved or placed. */
  readonly placedAt: Instant
}

export type ReminderPolicies = {
  /** How late a reminder may still be sent that was missed, after an outage for example. */
  readonly catchUpMinutes: number
}

/** A reminder to be sent. Of one visit and start there is one per channel and lead, whatever rules ask for it. */
export type DueRow = {
  readonly ruleId: ReminderRule['id']
  readonly channel: Channel
  readonly leadMinutes: number
  readonly dueAt: Instant
  /** What the reminder is about: another start or doctor makes it outdated. */
  readonly start: Instant
  readonly doctorId: Appointment['doctorId']
}

/**
 * The reminders still to be sent for a visit, earliest first. `dueAt` never lies after the start, nor before `now`: what was
 * missed within the catch-up time is due now, or when the sending window opens.
 */
export function dueRowsOf(
  visit: RemindedVisit,
  rules: readonly ReminderRule[],
  policies: ReminderPolicies,
  zone: Zone,
  now: Instant,
): readonly DueRow[] {
  if (!isAhead(visit) || visit.start <= now) return []
  const rows = rules
    .filter((rule) => rule.isActive && (rule.typeIds.length === 0 || rule.typeIds.includes(visit.typeId)))
    .flatMap((rule) => {
      const dueAt = dueAtOf(visit, rule, policies, zone, now)
      if (dueAt === undefined) return []
      const { channel, leadMinutes } = rule
      return { ruleId: rule.id, channel, leadMinutes, dueAt, start: visit.start, doctorId: visit.doctorId }
    })
  return withoutRepeats(rows).toSorted((a, b) => a.dueAt - b.dueAt)
}

/**
 * Judged again right before sending: the visit still stands as it did when the row was made, and its rule still asks for it.
 * @param rule undefined when it was removed
 */
export function isStillRight(
  row: Pick<DueRow, 'start' | 'doctorId'>,
  visit: Pick<Appointment, 'start' | 'status' | 'doctorId'>,
  rule: Pick<ReminderRule, 'isActive'> | undefined,
): boolean {
  return isAhead(visit) && row.start === visit.start && row.doctorId === visit.doctorId && rule?.isActive === true
}

const isAhead = ({ status }: Pick<Appointment, 'status'>): boolean => status === 'pending' || status === 'confirmed'

function dueAtOf(
  visit: RemindedVisit,
  rule: ReminderRule,
  { catchUpMinutes }: ReminderPolicies,
  zone: Zone,
  now: Instant,
): Instant | undefined {
  const dueAt = reminderTime(visit.start, rule, zone)
  if (dueAt >= visit.start) return undefined
  if (dueAt > now) return dueAt
  if (dueAt >= visit.placedAt) {
    return now - dueAt <= minutes(catchUpMinutes) ? sendableFrom(now, visit.start, rule, zone) : undefined
  }
  const isSoonEnough = now - visit.placedAt <= minutes(catchUpMinutes)
  const hasNotice = visit.start - visit.placedAt >= minutes(rule.minimumNoticeMinutes)
  return isSoonEnough && hasNotice ? sendableFrom(now, visit.start, rule, zone) : undefined
}

/**
 * The lead before the start, shifted into the sending window: to its next opening where that comes early enough before the visit,
 * else to the last minute of the window before.
 */
export function reminderTime(start: Instant, rule: Pick<ReminderRule, 'leadMinutes' | 'window'>, zone: Zone): Instant {
  const wanted = leadBefore(start, rule.leadMinutes, zone)
  const closed = closedHours(rule)
  const later = nextAllowed(wanted, closed, zone)
  return later === wanted || later < start - LATEST_BEFORE_START_MS ? later : lastAllowed(wanted, closed, zone)
}

function leadBefore(start: Instant, leadMinutes: number, zone: Zone): Instant {
  if (leadMinutes % DAY_MINUTES !== 0) return start - minutes(leadMinutes)
  const { day, time } = toLocal(start, zone)
  return toInstantChoosing(addDays(day, -leadMinutes / DAY_MINUTES), time, zone, 'earlier')
}

/** What is late is sent now, or when the window opens, unless that is too late for the visit. */
function sendableFrom(now: Instant, start: Instant, rule: ReminderRule, zone: Zone): Instant | undefined {
  const at = nextAllowed(now, closedHours(rule), zone)
  return at === now || at < start - LATEST_BEFORE_START_MS ? at : undefined
}

const closedHours = ({ window }: Pick<ReminderRule, 'window'>): QuietHours => ({
  from: window.until,
  until: window.from,
})

function withoutRepeats(rows: readonly DueRow[]): DueRow[] {
  const first = new Map<string, DueRow>()
  for (const row of rows) {
    const key = `${row.channel} ${row.leadMinutes}`
    if (!first.has(key)) first.set(key, row)
  }
  return [...first.values()]
}
