import { describe, expect, test, vi } from 'vitest'
import { addDays, startOfDay } from '#domain/time/clinic-time.ts'
import { HOUR_MS, minutes } from '#domain/time/instant.ts'
import { keepWindows, waitMs } from '#server/sync/keep-windows.ts'

const log = { info: () => undefined, error: () => undefined }

describe('the watch over the clinics’ midnights', () => {
  test.each([
    ['Asia/Kolkata', '2026-10-14', 24],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Europe/Berlin', '2027-03-28', 23],
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2019-02-16', 25],
  ])('in %s the day %s is over after %i hours, and not before', (zone, day, length) => {
    const midnight = startOfDay(addDays(day, 1), zone)
    expect(midnight - startOfDay(day, zone)).toBe(length * HOUR_MS)
    expect(waitMs([{ id: 'one', zone }], midnight - 1_000)).toBeGreaterThanOrEqual(1_000)
    expect(waitMs([{ id: 'one', zone }], midnight - 1_000)).toBeLessThan(1_200)
    expect(waitMs([{ id: 'one', zone }], midnight - minutes(5))).toBe(60_000)
  })

  test('of several clinics the next midnight counts', () => {
    const now = startOfDay('2026-10-15', 'Asia/Kolkata') - 2_000
    const clinics = ['Europe/Berlin', 'Asia/Kolkata', 'America/Sao_Paulo'].map((zone) => ({ id: zone, zone }))
    expect(waitMs(clinics, now)).toBeLessThan(2_200)
    expect(waitMs([], now)).toBe(60_000)
  })

  test('it looks at the start, after a midnight, and again after a failure, until it is stopped', async () => {
    vi.useFakeTimers()
    try {
      const midnight = startOfDay('2026-10-15', 'Asia/Kolkata')
      vi.setSystemTime(midnight - 30_000)
      const looks: number[] = []
      const keeper = keepWindows({
        listClinics: async () => [{ id: 'one', zone: 'Asia/Kolkata' }],
        follow: async () => {
          looks.push(Date.now() - midnight)
          if (looks.length === 2) throw new Error('the database went away')
          return 0
        },
        now: Date.now,
        log,
      })
      await vi.advanceTimersByTimeAsync(31_000)
      expect(looks).toHaveLength(2)
      expect(looks[1]).toBeGreaterThanOrEqual(0)
      await vi.advanceTimersByTimeAsync(60_000)
      expect(looks).toHaveLength(3)
      await keeper.stop()
      await vi.advanceTimersByTimeAsync(minutes(10))
      expect(looks).toHaveLength(3)
    } finally {
      vi.useRealTimers()
    }
  })

  test('stopping ends a round in hand and waits for it', async () => {
    let hasEnded = false
    const keeper = keepWindows({
      listClinics: async () => [{ id: 'one', zone: 'Europe/Berlin' }],
      follow: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            hasEnded = true
            resolve(0)
          })
        }),
      now: Date.now,
      log,
    })
    await Promise.resolve()
    await Promise.resolve()
    await keeper.stop()
    expect(hasEnded).toBe(true)
  })
})
