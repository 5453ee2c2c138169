/**
 * Has the browser keep the app's files, so that it opens without the server. The files are the same for everybody, so this
 * is done on shared computers too: there the page can at least say what it is waiting for.
 */
export function keepAppFiles(): void {
  // Absent where the page did not come over TLS or from this machine, and refused in some private windows: then a reload
  // needs the server, which the browser itself says.
  void navigator.serviceWorker?.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => undefined)
}
