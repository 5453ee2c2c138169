export type CancellableEvent = { defaultPrevented: boolean; preventDefault: () => void }

/** An event as Electron hands it to listeners. */
export function cancellable<Fields extends object>(fields?: Fields): CancellableEvent & Fields {
  const event = {
    ...(fields as Fields),
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true
    },
  }
  return event
}
