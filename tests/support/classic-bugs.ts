/**
 * The bugs that appointment systems are known to have had, by class; each has a test in `tests/server/classic-bugs`, whose title
 * begins with its name. Where the naive rule is short it stands in the test beside ours and goes wrong there.
 */
export const CLASSIC_BUGS = [
  'Check-then-insert race',
  'Lock after read',
  'Equality key instead of overlap',
  'Side doors skip the check',
  'Pending holds nothing, or never ends',
  'Deadlock under load',
  'Overlap arithmetic',
  'Daylight saving',
  'UTC day buckets, device zone',
  'Reminder repeats',
  'Reminder overwrites status',
  'Reminder lost',
  'Reminder after cancel or move',
  'Waitlist mails lie',
  'No-show logic',
  'External sync destroys data',
  'Offline merge destroys data',
  'Identity by e-mail',
  'Object-level access',
  'Availability edit strands bookings',
  'Silent truncation',
  'Queue drift',
  'Event not on every path',
  'Export wrong',
] as const
export type ClassicBug = (typeof CLASSIC_BUGS)[number]

/** The title of the test of a class. */
export const classic = (bug: ClassicBug, promise: string): string => `${bug}: ${promise}`
