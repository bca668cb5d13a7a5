// Keeps the end of the thread in view, unless the reader has gone back: then nothing pulls them away.

const NEAR_END = 60;
const NEAR_START = 240;

export function createScroll(log, { onOlder, onEnd }) {
  let isAtEnd = true;

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    isAtEnd = true;
    onEnd();
  }

  log.addEventListener('scroll', () => {
    const wasAtEnd = isAtEnd;
    isAtEnd = log.scrollHeight - log.clientHeight - log.scrollTop <= NEAR_END;
    if (isAtEnd && !wasAtEnd) onEnd();
    if (log.scrollTop < NEAR_START) onOlder();
  }, { passive: true });

  // A keyboard that opens, a composer that grows: the newest line stays where the eye is.
  new ResizeObserver(() => { if (isAtEnd) log.scrollTop = log.scrollHeight; }).observe(log);

  return {
    toEnd,
    isAtEnd: () => isAtEnd,
    /** Runs a change of the content; what the reader looks at stays in place. */
    keeping(change) {
      const stick = isAtEnd;
      const fromEnd = log.scrollHeight - log.scrollTop;
      const grewAbove = change();
      if (stick) log.scrollTop = log.scrollHeight;
      else if (grewAbove) log.scrollTop = log.scrollHeight - fromEnd;
    },
  };
}
