/** The entry: chooses the host once, builds what talks to the server, and draws. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openPlatform } from '#renderer/platform/open-platform.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { App } from './app.tsx'
import { applyAppearance } from './appearance.ts'
import { FirstRun, SET_UP_PATH } from './first-run.tsx'
import { chooseLanguage, startI18n } from './i18n.ts'
import { Providers } from './providers.tsx'
import { SessionController } from './session/session-controller.ts'

applyAppearance()
const platform = openPlatform()
const transport = platform.can['bearer-session'] ? 'bearer' : 'cookie'
// A browser asks the server the page came from: an empty origin keeps its cookies same-site.
const origin = transport === 'cookie' ? '' : await platform.serverOrigin()
const api = createServerApi({ origin, transport })
const controller = new SessionController({ platform, api })

const [i18n] = await Promise.all([startI18n(chooseLanguage(navigator.languages)), controller.start()])
document.title = i18n.t('app-name')

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')
createRoot(root).render(
  <StrictMode>
    <Providers>
      {location.pathname === SET_UP_PATH ? (
        <FirstRun api={api} />
      ) : (
        <App platform={platform} api={api} controller={controller} />
      )}
    </Providers>
  </StrictMode>,
)
