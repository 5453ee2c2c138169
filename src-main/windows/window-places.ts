/** Where windows stood, kept from start to start, and put back only where somebody can see them. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import Type from 'typebox'
import Value from 'typebox/value'

export type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export type Place = Area & { readonly isMaximized: boolean }

export type WindowPlaces = {
  /** Of the first window, the second, and so on. */
  readonly find: (slot: number) => Place | undefined
  readonly keep: (slot: number, place: Place) => void
}

export const MIN_SIZE = { width: 720, height: 480 }
/** So much of the strip one drags a window by has to be on a screen. */
const GRIP = { width: 120, height: 32 }
const MAX_SLOTS = 8

const Whole = Type.Integer({ minimum: -100_000, maximum: 100_000 })
const Size = Type.Integer({ minimum: 100, maximum: 100_000 })
const PlacesFile = Type.Object({
  places: Type.Array(Type.Object({ x: Whole, y: Whole, width: Size, height: Size, isMaximized: Type.Boolean() }), {
    maxItems: MAX_SLOTS,
  }),
})

/** A file that cannot be read counts as absent. It is written while the app ends, so nothing is waited for. */
export function createWindowPlaces(path: string): WindowPlaces {
  const places = readPlaces(path)
  return {
    find: (slot) => places[slot],
    keep: (slot, place) => {
      // Slots fill from the front, so a second window that ends before the first was kept has no place yet.
      if (slot > places.length || slot >= MAX_SLOTS) return
      places[slot] = place
      write(path, { places })
    },
  }
}

/** Losing a place is no reason to keep a window from closing. */
function write(path: string, file: Type.Static<typeof PlacesFile>): void {
  try {
    writeFileSync(`${path}.part`, JSON.stringify(file), { mode: 0o600 })
    renameSync(`${path}.part`, path)
  } catch (error) {
    console.warn('the place of a window could not be kept', error)
  }
}

function readPlaces(path: string): Place[] {
  if (!existsSync(path)) return []
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return Value.Check(PlacesFile, file) ? [...file.places] : []
  } catch {
    return []
  }
}

/**
 * The wanted place where a person can reach it: unchanged while the window's upper edge can be grasped on one of the screens, else
 * in the middle of the first; never larger than the screen it is on.
 *
 * @param screens areas free of task bars, the main screen first
 */
export function placeOnScreens(wanted: Area, screens: readonly Area[]): Area {
  const screen = screens.find((area) => isGraspable(wanted, area))
  if (screen) return { ...wanted, ...shrink(wanted, screen) }
  const [main] = screens
  if (!main) return wanted
  const { width, height } = shrink(wanted, main)
  return {
    x: main.x + Math.round((main.width - width) / 2),
    y: main.y + Math.round((main.height - height) / 2),
    width,
    height,
  }
}

function isGraspable(window: Area, screen: Area): boolean {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  const isInHeight = window.y >= screen.y && window.y + GRIP.height <= screen.y + screen.height
  return isInHeight && width >= GRIP.width
}

const shrink = (window: Area, screen: Area): Pick<Area, 'width' | 'height'> => ({
  width: Math.min(window.width, screen.width),
  height: Math.min(window.height, screen.height),
})
