// Loaded into the server by `npm start`: when the starter is gone, even by kill -9, its end of this pipe closes and the server
// shuts down as if asked to. So no server stays behind that nobody can see.
// The server leads its process group, so what it started ends with it.
const group = process.platform === 'win32' ? process.pid : -process.pid
process.stdin.on('end', () => process.kill(group, 'SIGTERM'))
process.stdin.resume()
if ('unref' in process.stdin) process.stdin.unref()
