/** Until when a patient changes a visit without calling the clinic. */
import { type Instant, minutes } from '#domain/time/instant.ts'

/** What clinic and type ask for; the longer counts. */
export type Cutoffs = { readonly clinicMinutes: number; readonly typeMinutes: number }

/** True when the visit is so near that its patient has to call. */
export const isTooLateToChange = (start: Instant, { clinicMinutes, typeMinutes }: Cutoffs, now: Instant): boolean =>
  start < now + minutes(Math.max(clinicMinutes, typeMinutes))
