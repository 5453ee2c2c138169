import { describe, expect, test } from 'vitest'
import { greeting, plan } from '#build/start-plan.mjs'

const display = { DISPLAY: ':0' }
const withElectron = { program: '/opt/electron', isRoot: false, triedDownload: false }
const withoutElectron = { ...withElectron, program: undefined }

describe('npm start shows the product', () => {
  test('in Electron where there is a display and a program', () => {
    expect(plan(display, 'linux', {}, withElectron)).toEqual({ open: 'desktop', program: '/opt/electron' })
    expect(plan({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', {}, withElectron)).toMatchObject({ open: 'desktop' })
    expect(plan({}, 'darwin', {}, withElectron)).toMatchObject({ open: 'desktop' })
  })

  test('in the browser when asked to, whatever else is there', () => {
    expect(plan(display, 'linux', { web: true }, withElectron)).toEqual({ open: 'web', why: '--web was asked for' })
  })

  test('in the browser on Linux without a display', () => {
    expect(plan({}, 'linux', {}, withElectron)).toEqual({ open: 'web', why: 'no display is attached' })
  })

  test('in the browser for root, because the sandbox stays on', () => {
    expect(plan(display, 'linux', {}, { ...withElectron, isRoot: true })).toMatchObject({
      open: 'web',
      why: expect.stringContaining('sandbox'),
    })
  })

  test('after one download of Electron, and in the browser when that failed', () => {
    expect(plan(display, 'linux', {}, withoutElectron)).toEqual({ open: 'after-download' })
    expect(plan(display, 'linux', {}, { ...withoutElectron, triedDownload: true })).toMatchObject({ open: 'web' })
  })

  test('in the browser in CI, which downloads nothing', () => {
    expect(plan({ ...display, CI: '1' }, 'linux', {}, withoutElectron)).toMatchObject({ open: 'web' })
  })
})

test('the greeting names the address, one login per role, the password and the reason for the browser', () => {
  const ready = {
    url: 'http://127.0.0.1:4180',
    logins: [
      { role: 'admin', email: 'admin@demo.test' },
      { role: 'receptionist', email: 'reception@demo.test' },
    ],
    password: 'made-at-first-run',
    dataDir: '.data',
  }
  const text = greeting(ready, { open: 'web', why: 'no display is attached' })
  for (const part of [
    ready.url,
    'admin@demo.test',
    'receptionist  reception@demo.test',
    ready.password,
    'no display',
  ]) {
    expect(text).toContain(part)
  }
  expect(text).not.toContain('Set up at')
})
