// The visitor's token and unsent texts live in the storage of the page's own site: inside a cross-site frame
// the browser refuses or partitions storage. Where the page's storage is refused too, memory has to do.

const MAX_TEXTS = 50;

export function createStore(key) {
  const token = `minichat:${key}`;
  const outbox = `${token}:outbox`;
  const draft = `${token}:draft`;
  const memory = {};
  const mine = new Set(); // client ids this tab answers for, so that two tabs never erase each other's texts

  // A half-written text belongs to its tab; who the visitor is, to all tabs of the site.
  const area = (name) => (name === draft ? sessionStorage : localStorage);

  function read(name) {
    try {
      return area(name).getItem(name) || memory[name];
    } catch {
      return memory[name];
    }
  }

  function write(name, value) {
    delete memory[name];
    try {
      if (value) area(name).setItem(name, value);
      else area(name).removeItem(name);
    } catch {
      memory[name] = value;
    }
  }

  function texts() {
    try {
      return [].concat(JSON.parse(read(outbox)) || []);
    } catch {
      return [];
    }
  }

  const claim = (list) => list.map((text) => mine.add(text.client_id));

  return {
    tokenKey: token,
    token: () => read(token) || null,
    draft: () => read(draft) || '',
    texts,
    /** The frame of this tab takes the stored texts over, and with them the duty to remove them. */
    takeTexts() {
      const list = texts();
      claim(list);
      return list;
    },
    saveToken: (value) => write(token, value),
    saveDraft: (value) => write(draft, value),
    saveTexts(list) {
      claim(list);
      const all = texts().filter((text) => !mine.has(text.client_id)).concat(list);
      write(outbox, all.length ? JSON.stringify(all.slice(-MAX_TEXTS)) : '');
    },
    forget: () => [token, outbox, draft].forEach((name) => write(name, '')),
  };
}
