/**
 * Loaded before the program of every child (`--import`): when the launcher dies, however that happens, the
 * channel to it closes and the child leaves too, first politely.
 */
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10_000).unref();
});
// Listening would otherwise keep a program running that has nothing left to do.
process.channel?.unref();
