/** How this desk likes its board: kept on the computer, for whoever works there. Ids and names of groups only, nobody's data. */

import Type from 'typebox'
import { Check } from 'typebox/value'
import { create } from 'zustand'
import { type DoctorId, idSchema } from '#domain/ids.ts'
import { DENSITIES, type Density } from '#renderer/features/day-board/density.ts'

export type BoardSettings = {
  readonly density: Density
  /** Doctors who stand first, in this order. */
  readonly pinned: readonly DoctorId[]
  /** Groups whose columns are folded away. */
  readonly hiddenGroups: readonly string[]
}

const KEY = 'board'
const FIRST: BoardSettings = { density: 'normal', pinned: [], hiddenGroups: [] }
const savedSchema = Type.Object({
  density: Type.Enum(DENSITIES),
  pinned: Type.Array(idSchema<'Doctor'>()),
  hiddenGroups: Type.Array(Type.String()),
})

export const useBoardSettings = create<BoardSettings>(read)

function read(): BoardSettings {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    return Check(savedSchema, saved) ? saved : FIRST
  } catch {
    return FIRST
  }
}

function save(change: Partial<BoardSettings>): void {
  useBoardSettings.setState(change)
  const { density, pinned, hiddenGroups } = useBoardSettings.getState()
  localStorage.setItem(KEY, JSON.stringify({ density, pinned, hiddenGroups }))
}

const toggled = <Item>(list: readonly Item[], item: Item): readonly Item[] =>
  list.includes(item) ? list.filter((other) => other !== item) : [...list, item]

export const setDensity = (density: Density): void => save({ density })
/** The next density, and from the last to the first again. */
export const stepDensity = (): void => {
  const next = DENSITIES[(DENSITIES.indexOf(useBoardSettings.getState().density) + 1) % DENSITIES.length]
  if (next) setDensity(next)
}
export const togglePin = (id: DoctorId): void => save({ pinned: toggled(useBoardSettings.getState().pinned, id) })
export const toggleGroup = (group: string): void =>
  save({ hiddenGroups: toggled(useBoardSettings.getState().hiddenGroups, group) })
export const showAllGroups = (): void => save({ hiddenGroups: [] })
