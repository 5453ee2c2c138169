/** How long before a visit, as people say it: whole days, else whole hours, else minutes. */
export const LEAD_UNITS = ['days', 'hours', 'minutes'] as const
export type LeadUnit = (typeof LEAD_UNITS)[number]
export type Lead = { readonly count: number; readonly unit: LeadUnit }

const MINUTES: Readonly<Record<LeadUnit, number>> = { days: 24 * 60, hours: 60, minutes: 1 }

/** The largest unit that says it without a rest; nothing is said in minutes. */
export function toLead(minutes: number): Lead {
  const unit = LEAD_UNITS.find((each) => minutes > 0 && minutes % MINUTES[each] === 0) ?? 'minutes'
  return { count: minutes / MINUTES[unit], unit }
}

export const minutesOf = ({ count, unit }: Lead): number => count * MINUTES[unit]
