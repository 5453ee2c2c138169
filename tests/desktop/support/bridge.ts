import type { DesktopBridge, InvokeAnswers, InvokeName, InvokePayload, PushName } from '#preload/contract.ts'
import type { DesktopApp } from './launch-desktop.ts'

type BridgedWindow = Window & { desktop: DesktopBridge; pushes: { name: string; message: unknown }[] }

/** Calls a channel as the page does. */
export async function invoke<Name extends InvokeName>(
  { page }: DesktopApp,
  name: Name,
  payload: InvokePayload<Name>,
): Promise<InvokeAnswers[Name]> {
  const answer = await page.evaluate(
    ({ channel, sent }) => (window as unknown as BridgedWindow).desktop.invoke(channel, sent as never),
    { channel: name, sent: payload as unknown },
  )
  return answer as InvokeAnswers[Name]
}

/** The message with which a call of any name and payload is refused; '' when it is not. */
export async function refusalOf({ page }: DesktopApp, name: string, payload: unknown): Promise<string> {
  return page.evaluate(
    ({ channel, sent }) =>
      (window as unknown as BridgedWindow).desktop.invoke(channel as never, sent as never).then(
        () => '',
        (error: Error) => error.message,
      ),
    { channel: name, sent: payload },
  )
}

/** Notes what main pushes from now on. */
export async function listen({ page }: DesktopApp, names: readonly PushName[]): Promise<void> {
  await page.evaluate((channels) => {
    const bridged = window as unknown as BridgedWindow
    bridged.pushes = []
    for (const name of channels) bridged.desktop.on(name, (message) => bridged.pushes.push({ name, message }))
  }, names)
}

export async function listPushes({ page }: DesktopApp): Promise<{ name: string; message: unknown }[]> {
  return page.evaluate(() => (window as unknown as BridgedWindow).pushes)
}
