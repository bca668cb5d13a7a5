// Fills the thread from the database: the newest messages at first, then whatever a push was lost of.

const NEWEST = { after: -1, limit: 50 };
const PAGE = 200;
const OLDER = 50;

export function createSync({ api, thread, onChange }) {
  let running = null;
  let again = false;
  let isLoadingOlder = false;

  /** Calls during a run join it; it looks once more before it ends. */
  function fill() {
    again = true;
    if (!running) running = run().finally(() => { running = null; });
    return running;
  }

  async function run() {
    while (again && thread.id) {
      again = false;
      await ask();
    }
  }

  async function ask() {
    const { id, isLoaded } = thread;
    const before = thread.cursor();
    const answer = await api.changes(id, isLoaded ? { after: before, limit: PAGE } : NEWEST);
    if (thread.id !== id) {
      again = true; // another conversation since: this answer belongs to nobody
    } else if (answer.reset && isLoaded) {
      thread.reset(id);
      again = true;
    } else {
      take(answer, isLoaded, before);
    }
  }

  function take(answer, wasLoaded, before) {
    const news = answer.rows.filter(({ id }) => !thread.has(id));
    thread.fill(answer);
    thread.isLoaded = true;
    if (!wasLoaded) thread.setOlder(answer.has_more);
    const moved = thread.cursor() > before;
    if (wasLoaded && answer.has_more && moved) again = true;
    else if (thread.isBehind() && moved) again = true;
    else thread.settle();
    onChange(answer.rows, news, wasLoaded);
  }

  async function older() {
    const [first] = thread.messages();
    if (isLoadingOlder || !first || !thread.hasOlder()) return;
    isLoadingOlder = true;
    try {
      const { id } = thread;
      const answer = await api.changes(id, { before: first.position, limit: OLDER });
      if (thread.id !== id) return;
      thread.prepend(answer);
      onChange();
    } finally {
      isLoadingOlder = false;
    }
  }

  return { fill, older };
}
