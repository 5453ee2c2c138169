import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createWindowPlaces, placeOnScreens } from '#main/windows/window-places.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

const main = { x: 0, y: 28, width: 1920, height: 1052 }
const left = { x: -1280, y: 0, width: 1280, height: 1024 }
const place = { x: 40, y: 60, width: 1000, height: 700, isMaximized: false }
const newFile = (): string => join(temporaryFolder('windows'), 'windows.json')

test('a window that can be seen stays where it was', () => {
  const wanted = { x: 100, y: 100, width: 1000, height: 700 }
  expect(placeOnScreens(wanted, [main])).toEqual(wanted)
})

test('a window on the screen to the left stays there, and comes to the main one when that screen is gone', () => {
  const wanted = { x: -1200, y: 50, width: 1000, height: 700 }
  expect(placeOnScreens(wanted, [main, left])).toEqual(wanted)
  expect(placeOnScreens(wanted, [main])).toEqual({ x: 460, y: 204, width: 1000, height: 700 })
})

test('a window that hangs over the edge stays while it can still be dragged', () => {
  const at = (x: number) => ({ x, y: 100, width: 1000, height: 700 })
  expect(placeOnScreens(at(1800), [main])).toEqual(at(1800))
  expect(placeOnScreens(at(1801), [main])).toEqual({ ...at(460), y: 204 })
})

test('a window above the screen, whose title nobody could grasp, comes down', () => {
  expect(placeOnScreens({ x: 100, y: -5, width: 1000, height: 700 }, [main]).y).toBeGreaterThanOrEqual(main.y)
})

test('a window is never larger than its screen', () => {
  const small = { x: 0, y: 0, width: 1024, height: 768 }
  expect(placeOnScreens({ x: 0, y: 0, width: 1360, height: 860 }, [small])).toEqual(small)
  expect(placeOnScreens({ x: 5000, y: 0, width: 1360, height: 860 }, [small])).toEqual(small)
})

test('places are found again by the next start, each window its own', () => {
  const path = newFile()
  const places = createWindowPlaces(path)
  places.keep(0, place)
  places.keep(1, { ...place, x: 900, isMaximized: true })
  const again = createWindowPlaces(path)
  expect([again.find(0), again.find(1), again.find(2)]).toEqual([
    place,
    { ...place, x: 900, isMaximized: true },
    undefined,
  ])
})

test.each([
  'not json',
  '{}',
  '{"places":[{"x":1}]}',
  '{"places":[{"x":1e9,"y":0,"width":900,"height":700,"isMaximized":false}]}',
  '{"places":[{"x":1,"y":0,"width":1,"height":1,"isMaximized":false}]}',
])('a file with %s counts as absent and is written anew', (text) => {
  const path = newFile()
  writeFileSync(path, text)
  const places = createWindowPlaces(path)
  expect(places.find(0)).toBeUndefined()
  places.keep(0, place)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ places: [place] })
})

test('a folder that cannot be written keeps no window from closing', () => {
  const places = createWindowPlaces('/nowhere/at/all/windows.json')
  expect(() => places.keep(0, place)).not.toThrow()
})
