// Counts the rejections that nobody handles while work is done, in place of whoever listens for them otherwise:
// GraphQL-js leaves some, and the question is whether another executor leaves more.
export async function countUnhandled(work: () => Promise<void>): Promise<number> {
  const others = process.listeners('unhandledRejection');
  let unhandled = 0;
  const listener = (): void => {
    unhandled += 1;
  };
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', listener);
  try {
    await work();
  } finally {
    process.removeListener('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
  }
  return unhandled;
}
