/**
 * Waits until the check is true; what it last answered is part of the error when it never is. The patience is for a busy machine: how
 * fast something comes is measured elsewhere (`npm run bench`).
 */
export async function eventually(
  what: string,
  check: () => Promise<unknown> | unknown,
  patienceMs = 45_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  let last: unknown
  do {
    last = await check()
    if (last === true) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  } while (performance.now() < deadline)
  throw new Error(`${what} did not come true; last seen: ${JSON.stringify(last)}`)
}
