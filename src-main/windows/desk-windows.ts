import { BrowserWindow, screen } from 'electron'
import { createMainWindow, showWindow } from './main-window.ts'
import { type Area, placeOnScreens, type WindowPlaces } from './window-places.ts'

const FIRST_SIZE = { width: 1360, height: 860 }
/** A further window does not hide the one it came from. */
const STEP = 32

export type DeskWindows = {
  /** The window in front, opened where there is none. */
  readonly show: () => void
  readonly openAnother: () => void
}

type Options = {
  readonly preload: string
  readonly places: WindowPlaces
  readonly onPageChange: (pageId: number) => void
  readonly onFocus: (pageId: number) => void
  readonly onClosed: (pageId: number) => void
}

/**
 * All windows of the app. Each shows the whole app on the same data; which of them replicates is settled among the pages.
 * A screen that is unplugged takes no window along.
 */
export function createDeskWindows({ preload, places, onPageChange, onFocus, onClosed }: Options): DeskWindows {
  const slots = new Map<BrowserWindow, number>()
  screen.on('display-removed', rescue)
  screen.on('display-metrics-changed', rescue)
  return {
    show: () => {
      const open = frontWindow()
      if (open) showWindow(open)
      else openAnother()
    },
    openAnother,
  }

  function openAnother(): void {
    const slot = freeSlot(new Set(slots.values()))
    const kept = places.find(slot)
    const area = placeOnScreens(kept ?? firstArea(), screenAreas())
    const window = createMainWindow({ preload, area, isMaximized: kept?.isMaximized ?? false })
    const pageId = window.webContents.id
    slots.set(window, slot)
    window.webContents.on('did-navigate', () => onPageChange(pageId))
    window.on('focus', () => onFocus(pageId))
    window.on('close', () => {
      places.keep(slot, { ...window.getNormalBounds(), isMaximized: window.isMaximized() })
    })
    window.on('closed', () => {
      slots.delete(window)
      onClosed(pageId)
    })
  }

  function rescue(): void {
    for (const window of slots.keys()) {
      const now = window.getNormalBounds()
      const seen = placeOnScreens(now, screenAreas())
      if (!isSame(now, seen)) window.setBounds(seen)
    }
  }
}

/** The window that is used now, else any. */
export function frontWindow(): BrowserWindow | undefined {
  return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
}

function freeSlot(taken: ReadonlySet<number>): number {
  let slot = 0
  while (taken.has(slot)) slot += 1
  return slot
}

function firstArea(): Area {
  const before = frontWindow()?.getNormalBounds()
  if (before) return { ...before, x: before.x + STEP, y: before.y + STEP }
  const { workArea } = screen.getPrimaryDisplay()
  return {
    ...FIRST_SIZE,
    x: workArea.x + Math.round((workArea.width - FIRST_SIZE.width) / 2),
    y: workArea.y + Math.max(0, Math.round((workArea.height - FIRST_SIZE.height) / 2)),
  }
}

function screenAreas(): Area[] {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id)
  return [main, ...others].map(({ workArea }) => workArea)
}

const isSame = (one: Area, other: Area): boolean =>
  one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height
