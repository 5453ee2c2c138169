/** Every report there is. */
export const REPORT_DEFINITIONS = [
  'appointments',
  'appointments-by-doctor',
  'appointments-by-status',
  'appointments-by-type',
  'utilisation',
  'no-show-by-lead-time',
  'waiting-time',
  'third-next-available',
  'reminder-effect',
  'activity',
] as const
export type ReportDefinition = (typeof REPORT_DEFINITIONS)[number]

/** Reports that are made of visits; the others get what they show from the caller whole. */
export const isMadeOfVisits = (definition: ReportDefinition): boolean =>
  definition !== 'third-next-available' && definition !== 'activity'
