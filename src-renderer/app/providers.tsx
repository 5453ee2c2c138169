import '@mantine/core/styles.layer.css'
import '@mantine/dates/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@fontsource-variable/inter/wght.css'
import '#renderer/ui/theme/tokens.css'
import '#renderer/ui/theme/base.css'
import { DirectionProvider, localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import 'dayjs/locale/ar'
import 'dayjs/locale/de'
import 'dayjs/locale/es'
import { DatesProvider } from '@mantine/dates'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cssVariablesResolver, theme } from '#renderer/ui/theme/theme.ts'
import { APPEARANCE_KEY } from './appearance.ts'
import { ErrorBoundary } from './error-boundary.tsx'

const colorSchemeManager = localStorageColorSchemeManager({ key: APPEARANCE_KEY })

/** Colours, direction, toasts and the last net, around everything. */
export function Providers({ children }: { readonly children: ReactNode }) {
  return (
    <DirectionProvider detectDirection>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
      >
        <Notifications position="bottom-center" containerWidth={520} limit={3} />
        <Calendars>
          <ErrorBoundary>{children}</ErrorBoundary>
        </Calendars>
      </MantineProvider>
    </DirectionProvider>
  )
}

/** Month and weekday names of every calendar in the language of the screen. */
function Calendars({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation()
  return (
    <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1, weekendDays: [] }}>{children}</DatesProvider>
  )
}
