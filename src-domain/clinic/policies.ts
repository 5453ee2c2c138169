/** What a clinic decides for itself, with the answer where it has not decided yet. Kept as JSON on the clinic's row. */
import Type from 'typebox'
import { Check } from 'typebox/value'
import { localTimeSchema, oneOf, textSchema } from '#domain/schema-parts.ts'

/** Languages that messages come in. */
export const MESSAGE_LANGUAGES = ['en', 'de', 'es', 'ar', 'pl'] as const

const count = (maximum: number, minimum = 0) => Type.Integer({ minimum, maximum })

export const policiesSchema = Type.Object(
  {
    /** Who must sign in with a second factor. */
    twoFactor: oneOf(['off', 'staff']),
    /** Whether patients may make an account by themselves. */
    registration: oneOf(['open', 'closed']),
    /** How long before a visit its patient may still move or cancel it; a type may ask for more. */
    changeCutoffMinutes: count(525_600),
    /** Visits to come that a patient may have by their own booking; 0 means no limit. */
    maxUpcomingPerPatient: count(1_000),
    /** How long a time is held for somebody who fills in a booking. */
    holdSeconds: count(3_600, 10),
    /** Of so many of a doctor's times of a day, desks may keep one for when they lose their connection; 0 means none. */
    allotmentOneIn: count(100),
    /** How long an offer from the waitlist stands. */
    waitlistOfferMinutes: count(10_080, 1),
    /** Whoever waits this long at the clinic is marked, so that somebody looks after them. */
    waitingLimitMinutes: count(600, 1),
    /** How long it can be said who did and saw what; US rules ask for six years. */
    auditRetentionDays: count(36_500, 1),
    /** Years after which a visit keeps its time and type alone; 0 means never. */
    visitRetentionYears: count(100),
    /** Hours of the clinic's wall clock in which nobody is written to; the same time twice means none. */
    quietFrom: localTimeSchema(),
    quietUntil: localTimeSchema(),
    /** Language of messages, where the recipient has chosen none. */
    messageLanguage: oneOf(MESSAGE_LANGUAGES),
    /** Country of phone numbers without a country code (ISO 3166-1 alpha-2). */
    country: Type.String({ minLength: 2, maxLength: 2, pattern: '^[A-Z]{2}$' }),
    /** Where the clinic is called; told in messages, and empty where it is not. */
    phone: textSchema(40),
    /** Whether patients may confirm and cancel by answering a reminder. */
    smsReplies: oneOf(['off', 'on']),
  },
  { additionalProperties: false },
)
export type ClinicPolicies = Type.Static<typeof policiesSchema>

export const DEFAULT_POLICIES: ClinicPolicies = {
  twoFactor: 'off',
  registration: 'open',
  changeCutoffMinutes: 24 * 60,
  maxUpcomingPerPatient: 10,
  holdSeconds: 120,
  allotmentOneIn: 8,
  waitlistOfferMinutes: 60,
  waitingLimitMinutes: 20,
  auditRetentionDays: 2_190,
  visitRetentionYears: 0,
  quietFrom: '21:00',
  quietUntil: '07:00',
  messageLanguage: 'en',
  country: 'GB',
  phone: '',
  smsReplies: 'on',
}

/**
 * The policies that a stored text holds: what it says where that is valid, the default everywhere else, so that a policy of a
 * later version or a damaged value never stops a booking. Never throws.
 */
export function parsePolicies(text: string): ClinicPolicies {
  const stored = parsedObject(text)
  const decided = Object.entries(policiesSchema.properties)
    .filter(([name, schema]) => Check(schema, stored[name]))
    .map(([name]) => [name, stored[name]])
  return { ...DEFAULT_POLICIES, ...Object.fromEntries(decided) }
}

function parsedObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
