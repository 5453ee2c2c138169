import { expect, test } from 'vitest'
import { createLinkDoor } from '#main/app/link-door.ts'

function openDoor() {
  const log: string[] = []
  const told: string[] = []
  const door = createLinkDoor({ onLink: () => told.push('link'), log: (line) => log.push(line) })
  return { door, log, told }
}

test('a link waits until it is taken, and is taken once', () => {
  const { door, told, log } = openDoor()
  door.offer('clinic://inbox')
  expect(told).toEqual(['link'])
  expect(door.take()).toEqual({ to: 'inbox' })
  expect(door.take()).toBeNull()
  expect(log).toEqual([])
})

test('the last of two links is the one that is opened', () => {
  const { door } = openDoor()
  door.offer('clinic://inbox')
  door.offer('clinic://day/2026-12-01')
  expect(door.take()).toEqual({ to: 'day', day: '2026-12-01' })
})

test('the link of a start is found among its switches, wherever it stands', () => {
  const { door } = openDoor()
  door.offerFrom(['/opt/clinic', '--lang=de', 'clinic://inbox', '--allow-file-access'])
  expect(door.take()).toEqual({ to: 'inbox' })
})

test('a start without a link is nothing to speak of', () => {
  const { door, log, told } = openDoor()
  door.offerFrom(['/opt/clinic', '--open=clinic://inbox', '/srv/anna/clinic'])
  expect([log, told, door.take()]).toEqual([[], [], null])
})

test.each([['clinic://erase/anna-smith'], ['CLINIC://anna-smith'], ['clinic://inbox', 'clinic://anna-smith']])(
  '%s is refused, and the log repeats nothing of it',
  (...links) => {
    const { door, log, told } = openDoor()
    door.offerFrom(['/opt/clinic', ...links])
    expect(door.take()).toBeNull()
    expect(told).toEqual([])
    expect(log).toHaveLength(1)
    expect(log.join()).not.toContain('anna')
  },
)

test('a refused link leaves the one that waits', () => {
  const { door } = openDoor()
  door.offer('clinic://inbox')
  door.offer('clinic://nowhere')
  expect(door.take()).toEqual({ to: 'inbox' })
})
