/** Stands for a worker whose report does not fit under the ceiling of its memory. */
process.once('message', () => {
  const held: number[][] = []
  for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => index + held.length))
})
