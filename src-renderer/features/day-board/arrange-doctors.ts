/** Which doctors the board shows, and in which order. Pure. */
import type { DoctorId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'

export type Arrangement = { readonly pinned: readonly DoctorId[]; readonly hiddenGroups: readonly string[] }

/** Doctors of one specialization, in the order in which the board comes upon them. */
export type DoctorGroup = { readonly name: string; readonly doctors: readonly Doctor[]; readonly isShown: boolean }

/** As many groups as there are digits to call them by. */
export const MOST_GROUPS = 9

/** Doctors without a specialization are in no group, and always shown. */
export function groupsOf(doctors: readonly Doctor[], { hiddenGroups }: Arrangement): readonly DoctorGroup[] {
  const groups = Map.groupBy(
    doctors.filter(({ specialization }) => specialization !== ''),
    ({ specialization }) => specialization,
  )
  return [...groups]
    .slice(0, MOST_GROUPS)
    .map(([name, members]) => ({ name, doctors: members, isShown: !hiddenGroups.includes(name) }))
}

/**
 * Pinned doctors first, in the order they were pinned, whatever their group; then the others of the groups that are shown.
 * When that leaves nobody everybody is shown: an empty board says that nobody works.
 */
export function arrangeDoctors(doctors: readonly Doctor[], arrangement: Arrangement): readonly Doctor[] {
  const folded = new Set(groupsOf(doctors, arrangement).flatMap(({ name, isShown }) => (isShown ? [] : [name])))
  const pinned = arrangement.pinned.flatMap((id) => doctors.find((doctor) => doctor.id === id) ?? [])
  const others = doctors.filter((doctor) => !pinned.includes(doctor) && !folded.has(doctor.specialization))
  const shown = [...pinned, ...others]
  return shown.length === 0 ? doctors : shown
}
