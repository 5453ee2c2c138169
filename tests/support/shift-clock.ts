/**
 * Moves the clock of the process or page it is called in; it goes on running. Screens and rules depend on the hour of the
 * day, and a test must not.
 *
 * It is sent into pages as text, so it uses nothing from around itself.
 * @param shiftMs added to the real time, milliseconds
 */
export function shiftClock(shiftMs: number): void {
  const realDate = Date
  const now = (): number => realDate.now() + shiftMs
  globalThis.Date = new Proxy(realDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
    apply: () => new realDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
}
