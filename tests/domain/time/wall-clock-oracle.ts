/** A slow, independent reading of the wall clock, straight from Intl: what clinic-time must agree with. */
export function wallClockByIntl(instant: number, zone: string): { day: string; time: string } {
  const parts = formatterOf(zone).formatToParts(instant)
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? ''
  return {
    day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  }
}

/** Every whole-minute instant within 16 hours of the UTC reading whose wall clock shows this day and time, in order. */
export function instantsByIntl(day: string, time: string, zone: string): number[] {
  const utcReading = Date.parse(`${day}T${time}:00Z`)
  const found: number[] = []
  // Offsets since 1972 are multiples of 15 minutes (Liberia, the last to use seconds, changed in January 1972).
  for (let instant = utcReading - 16 * 3_600_000; instant <= utcReading + 16 * 3_600_000; instant += 15 * 60_000) {
    const wall = wallClockByIntl(instant, zone)
    if (wall.day === day && wall.time === time) found.push(instant)
  }
  return found
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  formatters.set(zone, made)
  return made
}
