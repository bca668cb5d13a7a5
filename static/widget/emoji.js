// A small grid of emoji for both composers, loaded when somebody asks for it: search in English and Thai, arrow keys,
// the ones used last in front. Escape goes back to where it was opened.

const COLUMNS = 8;
const RECENT = 'minichat:emoji';
const MOST_RECENT = COLUMNS * 2;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

export async function start({ config, place, body }, { words, emojiList = config.emojiList }) {
  const all = await (await fetch(emojiList, { credentials: 'omit' })).json();
  const box = make('div', { className: 'emo', role: 'dialog', ariaLabel: words.emoji, hidden: true });
  const search = make('input', { type: 'search', placeholder: words.emojiSearch, ariaLabel: words.emojiSearch, autocomplete: 'off' });
  const grid = make('div', { className: 'emo-g', role: 'grid', ariaLabel: words.emoji });
  const none = make('p', { textContent: words.emojiNone, hidden: true, role: 'status' });
  let opener = null;
  let memory = '';

  box.append(search, grid, none);
  place.append(box);

  function open(button) {
    if (!box.hidden) return close(button);
    opener = button;
    opener.ariaExpanded = 'true';
    box.hidden = false;
    search.value = '';
    draw();
    return search.focus();
  }

  function close(focus) {
    box.hidden = true;
    opener.ariaExpanded = 'false';
    if (focus) focus.focus();
  }

  function draw() {
    const wanted = search.value.trim().toLowerCase();
    const found = wanted ? all.filter((row) => matches(row, wanted)) : [];
    const recent = recentSigns();
    const rest = all.map(([sign]) => sign).filter((sign) => !recent.includes(sign));
    const parts = wanted ? [found.map(([sign]) => sign)] : [recent, rest];
    grid.replaceChildren(...parts.flatMap(rows));
    const [first] = cells();
    if (first) first.tabIndex = 0;
    none.hidden = Boolean(first);
    grid.scrollTop = 0;
  }

  /** Eight in a row: the arrows count on it. The ones used last keep rows of their own. */
  function rows(signs) {
    const made = [];
    for (let at = 0; at < signs.length; at += COLUMNS) {
      const row = make('div', { role: 'row' });
      row.append(...signs.slice(at, at + COLUMNS).map(cell));
      made.push(row);
    }
    return made;
  }

  const cell = (sign) => make('button', { type: 'button', role: 'gridcell', textContent: sign, title: nameOf(sign), tabIndex: -1 });
  const cells = () => [...grid.querySelectorAll('button')];

  /** In the reader's language, where the list has it; a screen reader has a name of its own for the sign. */
  function nameOf(sign) {
    const [, english, thai] = all.find(([one]) => one === sign) || ['', '', ''];
    return config.lang === 'th' ? thai.split(' ')[0] : english;
  }

  function choose(sign) {
    keep([sign, ...recentSigns().filter((other) => other !== sign)].slice(0, MOST_RECENT).join(' '));
    body.setRangeText(sign, body.selectionStart, body.selectionEnd, 'end');
    close(body);
    body.dispatchEvent(new Event('input', { bubbles: true }));
  }

  function move(from, step) {
    const list = [...grid.children].flatMap((row) => [...row.children, ...Array(COLUMNS - row.children.length).fill(null)]);
    let at = list.indexOf(from) + step;
    while (list[at] === null) at += Math.sign(step) === 1 && step === 1 ? 1 : -1; // the end of a short row
    if (at < 0) search.focus();
    else focusOn(list[at]);
  }

  function focusOn(next) {
    if (!next) return;
    cells().forEach((one) => { one.tabIndex = one === next ? 0 : -1; });
    next.focus();
  }

  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const { key, target } = event;
    const list = cells();
    if (key === 'Escape') close(opener);
    else if (target === search && key === 'ArrowDown') focusOn(list[0]);
    else if (target === search && key === 'Enter' && list[0]) choose(list[0].textContent);
    else if (target !== search && STEPS[key]) move(target, STEPS[key]);
    else if (target !== search && key === 'Home') focusOn(list[0]);
    else if (target !== search && key === 'End') focusOn(list[list.length - 1]);
    else if (target === search && key !== 'Enter') return;
    else if (target !== search && (key === 'Enter' || key === ' ')) choose(target.textContent);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  grid.addEventListener('click', ({ target }) => target.closest('button') && choose(target.closest('button').textContent));
  search.addEventListener('input', (event) => {
    event.stopPropagation();
    draw();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!box.hidden && !box.contains(target) && !opener.contains(target)) close();
  });
  box.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !box.hidden && !box.contains(relatedTarget) && !opener.contains(relatedTarget)) close();
  });

  // A frame on another site may be refused its storage: then this page remembers.
  function recentSigns() {
    try {
      memory = localStorage.getItem(RECENT) || memory;
    } catch { /* as said */ }
    return memory.split(' ').filter((sign) => all.some(([one]) => one === sign));
  }

  function keep(signs) {
    memory = signs;
    try {
      localStorage.setItem(RECENT, signs);
    } catch { /* as said */ }
  }

  return { open };
}

const matches = ([sign, english, thai], wanted) => sign === wanted || `${english} ${thai}`.split(' ').some((word) => word.startsWith(wanted));
const make = (tag, values) => Object.assign(document.createElement(tag), values);
