/**
 * The messages people are told by, and the rules each obeys. The table is total: a new kind does not compile until every question
 * about it is answered. No variable names what a visit is for, so no template can tell it.
 */
import Type from 'typebox'

export const MESSAGE_KINDS = [
  'booked',
  'confirmed',
  'moved',
  'cancelled',
  'unplaced',
  'placed',
  'waitlist-offer',
  'doctor-delayed',
  'schedule-changed',
  'reminder',
  'report-ready',
  'device-revoked',
  'new-device-sign-in',
] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

export const CHANNELS = ['email', 'sms', 'app'] as const
export type Channel = (typeof CHANNELS)[number]

/** Whom a kind is for: the patient of the visit, its doctor, the desk, or whoever owns the account. */
export type Audience = 'patient' | 'doctor' | 'staff' | 'account'

export const MESSAGE_VARIABLES = [
  'firstName',
  'doctorName',
  'clinicName',
  'clinicPhone',
  /** In words of the recipient's language, by `dayText`. */
  'day',
  /** By `timeText`; several with commas between where one message tells of several visits. */
  'time',
  'previousDay',
  'previousTime',
  /** Who did it: a name, or the clinic's. */
  'who',
  /** Where the visit takes place, or where somebody signed in. */
  'place',
  /** What a reply by SMS must repeat. */
  'code',
  'link',
  'count',
] as const
export type MessageVariable = (typeof MESSAGE_VARIABLES)[number]

const value = () => Type.Optional(Type.String({ maxLength: 500 }))

/** The values of one message, all of them text already; what is absent or empty is left out of the text. */
export const messageValuesSchema = Type.Object(
  {
    firstName: value(),
    doctorName: value(),
    clinicName: value(),
    clinicPhone: value(),
    day: value(),
    time: value(),
    previousDay: value(),
    previousTime: value(),
    who: value(),
    place: value(),
    code: value(),
    link: value(),
    count: value(),
  } satisfies Record<MessageVariable, ReturnType<typeof value>>,
  { additionalProperties: false },
)
export type MessageValues = Type.Static<typeof messageValuesSchema>

/** Within this time an undo leaves nothing to tell, so what it could take back is sent after it. */
export const UNDO_WINDOW_MINUTES = 3

export type KindRule = {
  readonly audience: Audience
  /** What its templates may use. */
  readonly variables: readonly MessageVariable[]
  /** What the body of its templates must use. */
  readonly required: readonly MessageVariable[]
  /** True when it waits for `UNDO_WINDOW_MINUTES` before it is sent. */
  readonly isDelayed: boolean
  /** False for what protects an account: that is told at once, day or night. */
  readonly keepsQuietHours: boolean
  /** Where it goes as long as the recipient has chosen nothing. */
  readonly channels: readonly Channel[]
  /** Kinds of one group to one person about one day become one message; null is never merged. */
  readonly mergeGroup: 'booking' | 'cancelling' | 'reminding' | null
}

const VISIT = ['firstName', 'doctorName', 'clinicName', 'clinicPhone', 'day', 'time', 'place', 'link', 'count'] as const
const ACCOUNT = ['firstName', 'clinicName', 'clinicPhone', 'day', 'time', 'place', 'who', 'link'] as const

const ofVisit = (part: Partial<KindRule> = {}): KindRule => ({
  audience: 'patient',
  variables: [...VISIT, 'who'],
  required: ['day', 'time'],
  isDelayed: true,
  keepsQuietHours: true,
  channels: ['email', 'app'],
  mergeGroup: null,
  ...part,
})

const ofAccount: KindRule = {
  audience: 'account',
  variables: ACCOUNT,
  required: [],
  isDelayed: false,
  keepsQuietHours: false,
  channels: ['email', 'app'],
  mergeGroup: null,
}

export const KIND_RULES: Readonly<Record<MessageKind, KindRule>> = {
  booked: ofVisit({ mergeGroup: 'booking' }),
  confirmed: ofVisit({ mergeGroup: 'booking' }),
  moved: ofVisit({
    variables: [...VISIT, 'who', 'previousDay', 'previousTime'],
    channels: ['email', 'sms', 'app'],
  }),
  cancelled: ofVisit({ channels: ['email', 'sms', 'app'], mergeGroup: 'cancelling' }),
  // The desk looks for another time first, so an undo comes as news of its own.
  unplaced: ofVisit({ isDelayed: false }),
  placed: ofVisit({
    variables: [...VISIT, 'who', 'previousDay', 'previousTime'],
    channels: ['email', 'sms', 'app'],
  }),
  'waitlist-offer': ofVisit({
    required: ['day', 'time', 'link'],
    isDelayed: false,
    channels: ['email', 'sms', 'app'],
  }),
  // Comes late or not at all when it waits as long as a change of a visit: its order has an undo of its own.
  'doctor-delayed': ofVisit({
    variables: VISIT,
    required: ['time', 'count'],
    isDelayed: false,
    channels: ['email', 'sms', 'app'],
  }),
  'schedule-changed': ofVisit({ audience: 'doctor', required: ['day'], isDelayed: false }),
  reminder: ofVisit({
    variables: [...VISIT, 'code'],
    isDelayed: false,
    channels: ['email', 'sms', 'app'],
    mergeGroup: 'reminding',
  }),
  'report-ready': {
    ...ofAccount,
    audience: 'staff',
    variables: ['firstName', 'clinicName', 'clinicPhone', 'day', 'time', 'link', 'count'],
    required: ['link'],
    keepsQuietHours: true,
  },
  'device-revoked': ofAccount,
  'new-device-sign-in': ofAccount,
}
