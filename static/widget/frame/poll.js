// The second way in: where sockets are forbidden the chat asks every five seconds.

const EVERY_MS = 5_000;
const HIDDEN_TURNS = 6; // a page nobody looks at asks every half minute

export function createPoll(step) {
  let timer = 0;
  let isBusy = false;
  let turn = 0;

  async function tick() {
    turn += 1;
    if (isBusy || (document.hidden && turn % HIDDEN_TURNS)) return;
    isBusy = true;
    try {
      await step();
    } finally {
      isBusy = false;
    }
  }

  return {
    start() {
      if (timer) return;
      timer = setInterval(tick, EVERY_MS);
      tick();
    },
    stop() {
      clearInterval(timer);
      timer = 0;
    },
    isOn: () => timer !== 0,
    now: () => timer && tick(),
  };
}
