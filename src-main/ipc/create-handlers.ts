import { app } from 'electron'
import type { LinkDoor } from '#main/app/link-door.ts'
import type { Settings } from '#main/app/settings.ts'
import { saveFile } from '#main/files/save-file.ts'
import type { ApplicationMenu } from '#main/menu/application-menu.ts'
import type { DataKeys } from '#main/secrets/data-keys.ts'
import type { SessionVault } from '#main/secrets/session-vault.ts'
import type { DeskTray } from '#main/tray/desk-tray.ts'
import type { Handlers } from './handle.ts'

type Parts = {
  readonly settings: Settings
  readonly sessions: SessionVault
  readonly dataKeys: DataKeys
  readonly menu: ApplicationMenu
  readonly links: LinkDoor
  readonly tray: DeskTray
}

/** Joins channels to the parts that answer them. The server is always the configured one; the page cannot name another. */
export function createHandlers({ settings, sessions, dataKeys, menu, links, tray }: Parts): Handlers {
  return {
    'app:info': () => ({
      name: app.getName(),
      version: app.getVersion(),
      platform: process.platform,
      language: app.getLocale(),
    }),
    'session:get': () => sessions.get(settings.serverOrigin()),
    'session:set': (session) => sessions.set(settings.serverOrigin(), session),
    'session:clear': async () => {
      await sessions.clear()
      return { cleared: true }
    },
    'secrets:list': () => dataKeys.list(settings.serverOrigin()),
    'secrets:enrol': (request) => dataKeys.enrol(settings.serverOrigin(), request),
    'secrets:unlock': (request) => dataKeys.unlock(settings.serverOrigin(), request),
    'secrets:forget': async ({ userId }) => ({ forgotten: await dataKeys.forget(settings.serverOrigin(), userId) }),
    'server:get': () => ({ origin: settings.serverOrigin() }),
    'server:set': ({ url }) => settings.setServer(url),
    'file:save': (request, sender) => saveFile(request, sender),
    'commands:state': (state, sender) => {
      menu.update(sender.id, state)
      return { accepted: true }
    },
    'link:take': () => links.take(),
    'unsent:report': ({ count }) => {
      tray.setUnsent(count)
      return { accepted: true }
    },
  }
}
