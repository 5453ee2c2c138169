/** Where one goes on when the button that was pressed is gone with its entry: the first entry that is left, or the empty list. */
export function focusIn(list: HTMLElement | null): void {
  requestAnimationFrame(() => (list?.querySelector('button') ?? list)?.focus())
}
