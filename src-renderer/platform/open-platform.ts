import type { DesktopBridge } from '#preload/contract.ts'
import { createBrowserPlatform } from './browser.ts'
import { createDesktopPlatform } from './desktop.ts'
import { keepAppFiles } from './keep-app-files.ts'
import type { Platform } from './types.ts'

/** The host this page runs in. Called once, by the entry of the app. */
export function openPlatform(): Platform {
  const { desktop } = window as Window & { desktop?: DesktopBridge }
  if (desktop) return createDesktopPlatform(desktop)
  keepAppFiles()
  return createBrowserPlatform()
}
