/** Which columns the board shows. */
import { describe, expect, it } from 'vitest'
import { arrangeDoctors, groupsOf } from '#renderer/features/day-board/arrange-doctors.ts'
import { aDoctor } from '#tests/support/builders.ts'
import { fakeId } from './harness/fake-day.ts'

const doctor = (number: number, specialization: string) =>
  aDoctor({ id: fakeId<'Doctor'>(1, number), name: `Dr ${number}`, specialization })
const DOCTORS = [doctor(1, 'General'), doctor(2, 'Paediatrics'), doctor(3, 'General'), doctor(4, '')]
const [ONE, TWO, THREE, FOUR] = DOCTORS.map(({ id }) => id)
const shown = (part: Partial<Parameters<typeof arrangeDoctors>[1]>) =>
  arrangeDoctors(DOCTORS, { pinned: [], hiddenGroups: [], ...part }).map(({ id }) => id)

describe('the columns of the board', () => {
  it('are all doctors in their own order until somebody arranges them', () => {
    expect(shown({})).toEqual([ONE, TWO, THREE, FOUR])
  })

  it('begin with whoever is pinned, in the order of pinning', () => {
    expect(shown({ pinned: [THREE, TWO].flatMap((id) => id ?? []) })).toEqual([THREE, TWO, ONE, FOUR])
  })

  it('leave out folded groups, but nobody who is pinned and nobody without a group', () => {
    expect(shown({ hiddenGroups: ['General'] })).toEqual([TWO, FOUR])
    expect(shown({ hiddenGroups: ['General'], pinned: THREE ? [THREE] : [] })).toEqual([THREE, TWO, FOUR])
  })

  it('are all of them rather than none', () => {
    const grouped = DOCTORS.slice(0, 3)
    const all = arrangeDoctors(grouped, { pinned: [], hiddenGroups: ['General', 'Paediatrics'] })
    expect(all).toEqual(grouped)
  })

  it('form groups by specialization', () => {
    expect(groupsOf(DOCTORS, { pinned: [], hiddenGroups: ['Paediatrics'] })).toMatchObject([
      { name: 'General', isShown: true, doctors: [{ id: ONE }, { id: THREE }] },
      { name: 'Paediatrics', isShown: false },
    ])
  })
})
