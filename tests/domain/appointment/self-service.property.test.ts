import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTooLateToChange } from '#domain/appointment/self-service.ts'
import { minutes } from '#domain/time/instant.ts'

const anInstant = fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 })
const aCutoff = fc.integer({ min: 0, max: 525_600 })

test('the longer of two cut-offs counts, to the millisecond', () => {
  fc.assert(
    fc.property(anInstant, aCutoff, aCutoff, (now, clinicMinutes, typeMinutes) => {
      const last = now + minutes(Math.max(clinicMinutes, typeMinutes))
      expect(isTooLateToChange(last, { clinicMinutes, typeMinutes }, now)).toBe(false)
      expect(isTooLateToChange(last - 1, { clinicMinutes, typeMinutes }, now)).toBe(true)
    }),
  )
})

test('what is too late stays so', () => {
  fc.assert(
    fc.property(anInstant, anInstant, fc.nat(), aCutoff, (start, now, later, clinicMinutes) => {
      const cutoffs = { clinicMinutes, typeMinutes: 0 }
      if (isTooLateToChange(start, cutoffs, now)) expect(isTooLateToChange(start, cutoffs, now + later)).toBe(true)
    }),
  )
})
