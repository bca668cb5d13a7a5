// What only some visitors need comes when it is needed: files to send or to look at, the list of all conversations, and
// so on. Each module with the words and the looks that all of them share.
import { drawWith } from './message.js';
import { learn, whenMissing } from './words.js';

export function createLater(context) {
  const { config, root } = context;
  const loaded = new Map();
  const tray = () => context.tray; // set by files.js once it is here

  /** The same promise for everybody who asks; what failed is tried again by the next one. */
  function load(name) {
    if (!loaded.has(name)) {
      const start = Promise.all([import(config[name]), shared()]).then(([module, texts]) => module.start(context, texts));
      loaded.set(name, start);
      start.catch(() => loaded.delete(name));
    }
    return loaded.get(name);
  }

  let common = null;

  function shared() {
    common = common || Promise.all([words(), look()]).then(([texts]) => texts);
    common.catch(() => { common = null; });
    return common;
  }

  async function words() {
    const texts = await (await fetch(`/widget/more/${config.lang}.json`, { credentials: 'omit' })).json();
    learn(texts.more);
    return texts;
  }

  function look() {
    const sheet = document.createElement('link');
    return new Promise((onload, onerror) => {
      document.head.append(Object.assign(sheet, { rel: 'stylesheet', href: config.style, onload, onerror }));
    });
  }

  const use = (name, work, otherwise = () => {}) => load(name).then(work, otherwise);

  drawWith((name, draw) => use(name, (module) => context.scroll.keeping(() => { draw(module); })));
  whenMissing(() => shared().then(context.redraw, () => {}));

  root.addEventListener('click', ({ target }) => {
    const tool = target.closest('[data-tool]');
    if (tool) use(tool.dataset.tool, ({ open }) => open(tool));
  });

  /** Dropped anywhere, or pasted where one writes. Office programs put a picture beside a text: then the text is meant. */
  function given(event) {
    const { types, files } = event.dataTransfer || event.clipboardData;
    if (!types.includes('Files') || (event.type === 'paste' && types.includes('text/plain'))) return;
    event.preventDefault();
    const blobs = [...files];
    if (blobs.length && !context.body.readOnly) use('files', ({ add }) => add(blobs));
  }
  ['dragover', 'drop', 'paste'].forEach((name) => document.addEventListener(name, given));

  return {
    use,
    isHere: (name) => loaded.has(name),
    shared,
    hasFiles: () => Boolean(tray()) && tray().has(),
    obstacle: () => (tray() ? tray().obstacle() : ''),
    takeFiles: () => (tray() ? tray().take() : []),
  };
}
