/** The entry: chooses the host once, builds what talks to the server, and draws. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openPlatform } from '#renderer/platform/open-platform.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { AccountLink, accountPageAt } from './account-link.tsx'
import { App } from './app.tsx'
import { applyAppearance } from './appearance.ts'
import { FirstRun, SET_UP_PATH } from './first-run.tsx'
import { startI18n } from './i18n.ts'
import { Providers } from './providers.tsx'
import { SessionController } from './session/session-controller.ts'

applyAppearance()
const platform = openPlatform()
const transport = platform.can['bearer-session'] ? 'bearer' : 'cookie'
// A browser asks the server the page came from: an empty origin keeps its cookies same-site.
const origin = transport === 'cookie' ? '' : await platform.serverOrigin()
const api = createServerApi({ origin, transport })
const controller = new SessionController({ platform, api })

await Promise.all([startI18n(), controller.start()])

const accountPage = accountPageAt(location.pathname)

function Page() {
  if (location.pathname === SET_UP_PATH) return <FirstRun api={api} />
  if (accountPage) return <AccountLink api={api} page={accountPage} />
  return <App platform={platform} api={api} controller={controller} />
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')
createRoot(root).render(
  <StrictMode>
    <Providers>
      <Page />
    </Providers>
  </StrictMode>,
)
