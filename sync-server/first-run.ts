/** What stands between an empty database and the first log-in: the demo clinic, or a link that sets a clinic up. */
import type { Server } from './build-server.ts'
import type { DataFolder } from './data-folder.ts'
import type { Database } from './database/database.ts'
import { DEMO_LOGINS, hasDemoAccounts, keepDemoPassword } from './operations/demo-accounts.ts'
import { newCode } from './operations/secrets.ts'
import { seedDemoClinic } from './operations/seed-demo-clinic.ts'
import { issueSetUpLink } from './operations/set-up-clinic.ts'
import { hasUsers } from './repositories/users.ts'
import type { Settings } from './settings.ts'

/** The start must not go on; the message says why and what to do, for whoever sits at the terminal. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}

export type FirstRun = {
  readonly firstRun: boolean
  readonly logins: readonly { readonly role: string; readonly email: string }[]
  readonly password?: string
  /** What stands after `#` in the set-up link; null when there is a clinic. */
  readonly setUpSecret: string | null
}

type Parts = {
  readonly server: Server
  readonly database: Database
  readonly settings: Settings
  readonly folder: DataFolder
}

const PASSWORD_FILE = 'demo-password'
/** 98 bits. */
const newDemoPassword = () => newCode(4, 5)

export async function prepareFirstRun(parts: Parts): Promise<FirstRun> {
  const { server, database, settings, folder } = parts
  const { writer, passwords, newId } = server
  const now = Date.now
  const isFirst = !(await database.read(hasUsers))
  const isDemo = isFirst ? !settings.isEmpty : await hasDemoAccounts(database)
  if (isDemo) refuseDemoOnNetwork(settings)
  if (!isDemo) return { firstRun: isFirst, logins: [], setUpSecret: await issueSetUpLink({ database, now }) }

  const password = settings.demoPassword ?? folder.secret(PASSWORD_FILE, newDemoPassword)
  if (settings.demoPassword) folder.writeSecret(PASSWORD_FILE, password)
  if (isFirst) await seedDemoClinic({ database, writer, passwords, newId, now }, password)
  else await keepDemoPassword({ database, passwords, now }, password)
  const logins = DEMO_LOGINS.map(({ role, email }) => ({ role, email }))
  return { firstRun: isFirst, logins, password, setUpSecret: null }
}

function refuseDemoOnNetwork({ isLoopback, isDemoAllowedOnNetwork, host }: Settings): void {
  if (isLoopback || isDemoAllowedOnNetwork) return
  throw new StartRefused(
    `HOST is ${host}, which others on the network can reach, and this clinic has demo accounts. ` +
      'Start with --empty on a new data folder, or with --allow-demo-on-network if the data is nobody’s.',
  )
}
