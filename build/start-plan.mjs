// Where `npm start` shows the product: in Electron where it can, else in the browser, with the reason in plain words.
// Pure, so that every case is tested: what the machine has arrives as an argument.

/**
 * @typedef {object} Host what was found on this machine
 * @property {string | undefined} program Electron's program, where it is installed
 * @property {boolean} isRoot
 * @property {boolean} triedDownload whether fetching Electron was tried already
 */

/**
 * @typedef {{ open: 'desktop', program: string }
 *   | { open: 'web', why: string }
 *   | { open: 'after-download' }} Plan `after-download`: fetch Electron once, then plan again
 */

/**
 * @param {Record<string, string | undefined>} env
 * @param {NodeJS.Platform} platform
 * @param {{ web?: boolean | undefined }} options
 * @param {Host} host
 * @returns {Plan}
 */
export function plan(env, platform, options, host) {
  if (options.web) return { open: 'web', why: '--web was asked for' }
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)
    return { open: 'web', why: 'no display is attached' }
  if (platform === 'linux' && host.isRoot) {
    return { open: 'web', why: 'Electron runs as root only without its sandbox, which the product refuses' }
  }
  if (host.program) return { open: 'desktop', program: host.program }
  if (env.CI) return { open: 'web', why: 'Electron is not installed, and CI downloads none' }
  if (host.triedDownload) return { open: 'web', why: 'Electron is not installed and could not be downloaded' }
  return { open: 'after-download' }
}

/**
 * The lines shown once the server listens.
 * @param {{ url: string, logins: { role: string, email: string }[], password?: string, dataDir: string, firstRun?: boolean }} ready
 * @param {Plan} planned
 * @param {string} [setUp] address of the one-time set-up page of an empty clinic
 * @returns {string}
 */
export function greeting(ready, planned, setUp) {
  const logins = ready.logins.map(({ role, email }) => `${role.padEnd(13)} ${email}`)
  const rows = [
    ['Address', ready.url],
    ['Shown in', planned.open === 'web' ? `the browser, because ${planned.why}` : 'Electron'],
    ...logins.map((login, index) => [index === 0 ? 'Log in as' : '', login]),
    ['Password', ready.password],
    ['Set up at', setUp],
    ['Data', `${ready.dataDir}${ready.firstRun ? ' (new)' : ''}`],
  ]
  const lines = rows.filter(([, value]) => value).map(([name = '', value]) => `  ${name.padEnd(10)} ${value}`)
  return ['', 'Healthcare Appointment System', ...lines, '', 'Ctrl+C ends it.', ''].join('\n')
}
