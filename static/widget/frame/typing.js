// "… is writing", both ways. A sign that is not renewed goes out by itself.

const REPEAT_MS = 3_000;
const EXPIRES_MS = 6_000;

export function createTyping({ send, onChange }) {
  let saidAt = 0;
  let timer = 0;

  function stop() {
    clearTimeout(timer);
    onChange(null);
  }

  return {
    say() {
      const now = Date.now();
      if (now - saidAt >= REPEAT_MS && send()) saidAt = now;
    },
    heard(name) {
      clearTimeout(timer);
      timer = setTimeout(stop, EXPIRES_MS);
      onChange(name || '');
    },
    stop,
  };
}
