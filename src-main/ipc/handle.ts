import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron'
import Value from 'typebox/value'
import { isAppUrl } from '#main/windows/app-address.ts'
import { INVOKE_PAYLOADS, type InvokeAnswers, type InvokeName, type InvokePayload } from '#preload/contract.ts'

/** One function for each channel; a channel without one does not compile. */
export type Handlers = {
  readonly [Name in InvokeName]: (
    payload: InvokePayload<Name>,
    sender: WebContents,
  ) => InvokeAnswers[Name] | Promise<InvokeAnswers[Name]>
}

/**
 * The only place that listens. A handler runs only for our page's top frame and with a payload that fits its schema;
 * refusals never repeat the payload, which may be a password.
 */
export function registerHandlers(ipcMain: Pick<IpcMain, 'handle'>, handlers: Handlers): void {
  for (const name of Object.keys(INVOKE_PAYLOADS) as InvokeName[]) register(ipcMain, name, handlers[name])
}

function register<Name extends InvokeName>(
  ipcMain: Pick<IpcMain, 'handle'>,
  name: Name,
  handler: Handlers[Name],
): void {
  const schema = INVOKE_PAYLOADS[name]
  ipcMain.handle(name, (event, payload: unknown, ...rest: readonly unknown[]) => {
    if (!isOwnPage(event)) throw new Error('refused: not the application page')
    if (rest.length > 0 || !Value.Check(schema, payload)) throw new Error('refused: malformed payload')
    return handler(payload as InvokePayload<Name>, event.sender)
  })
}

function isOwnPage({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
  if (!senderFrame || senderFrame.parent !== null) return false
  // The frame's own URL is empty for a moment after a navigation has begun; the window's is not.
  return isAppUrl(senderFrame.url || sender.getURL())
}
