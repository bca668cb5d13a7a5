// The owner's rules for speaking up by itself. Loaded with the frame where there are any; what was said to whom is
// kept by the page around us, because a frame of another site may keep nothing.

const VISIT_MS = 30 * 60_000; // nothing for half an hour: the next look is another visit
const KEEP = 20;

export function start({ host, handlers, told, token, page, isOpen, known, ...config }) {
  const rules = JSON.parse(config.rules);
  const memory = remembered(told);
  const isBack = token || memory.visits > 1;
  let address = page.url;
  let depth = 0;
  let timers = [];

  /** What another handler does is done too. */
  const also = (name, work) => {
    const before = handlers.get(name);
    handlers.set(name, (data) => {
      before?.(data);
      work(data);
    });
  };

  also('scroll', (percent) => {
    depth = percent;
    rules.filter(({ on, value }) => on === 'scroll' && percent >= value).forEach(fire);
  });
  also('exit', () => rules.filter(({ on }) => on === 'exit').forEach(fire));
  also('page', ({ url }) => {
    address = url;
    arrive();
  });
  also('shown', () => {
    host.send('bubble', '');
    remember({ busy: true });
  });
  host.send('sense', { scroll: rules.some(({ on }) => on === 'scroll'), exit: rules.some(({ on }) => on === 'exit') });
  remember({});
  arrive();

  function arrive() {
    timers.forEach(clearTimeout);
    timers = rules.filter(({ on }) => on === 'time').map((rule) => setTimeout(fire, rule.value * 1000, rule));
    if (depth) rules.filter(({ on, value }) => on === 'scroll' && depth >= value).forEach(fire);
  }

  /** Never over a chat that is open, nor after it was opened in this visit: whoever closed it wants it closed. */
  function fire(rule) {
    if (isOpen() || memory.busy || !matches(rule) || memory[rule.once].includes(rule.id)) return;
    remember({ [rule.once]: [...memory[rule.once], rule.id].slice(-KEEP) });
    document.querySelectorAll('.hi').forEach((place) => { place.textContent = rule.text; });
    // A phone's screen is not taken away unasked.
    if (rule.then === 'open' && !matchMedia('(pointer:coarse)').matches) host.send('open');
    else host.send('bubble', rule.text);
  }

  function matches({ page: how, address: wanted, returning }) {
    if (returning && !isBack) return false;
    if (!how) return true;
    return how === 'is' ? bare(address) === bare(wanted) : address.includes(wanted);
  }

  function remember(changes) {
    Object.assign(memory, changes, { at: Date.now() });
    const { sound } = parsed(known.told); // the visitor's own wish lies beside ours
    host.send('told', known.told = JSON.stringify({ ...memory, sound }));
  }
}

const bare = (address) => address.replace(/^https?:\/\//, '').replace(/[?#].*$/, '').replace(/\/$/, '');

function parsed(told) {
  try {
    return JSON.parse(told) || {};
  } catch {
    return {}; // nothing, or not ours
  }
}

function remembered(told) {
  const before = parsed(told);
  const isNew = !(Date.now() - before.at < VISIT_MS);
  const list = (value) => (Array.isArray(value) ? value : []);
  return {
    visits: (Number(before.visits) || 0) + isNew,
    visitor: list(before.visitor),
    visit: isNew ? [] : list(before.visit),
    busy: !isNew && before.busy === true,
  };
}
