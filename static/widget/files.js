// Files: the tray of those that go out with the next message, and how files stand in the thread. Loaded when needed.
import { uuid7 } from './frame/ids.js';

const MB = 1024 * 1024;
const BOX = 220;
const SMALLEST = 44;
const FRESH_MS = 4 * 60_000; // links are good for five minutes
const WAIT_MS = 400;
const WAITS = 25;
const ENDINGS = /\.(jpe?g|png|webp|gif|pdf)$/i;

export function start(context, { words, limits }) {
  const { config, composer, form, body, session } = context;
  let items = [];
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (whole, key) => values[key]);
  const born = new WeakMap(); // a file's object → when its links were made
  const list = make('ul', { className: 'tray', ariaLabel: say('toSend') });
  const picker = make('input', { type: 'file', multiple: true, accept: limits.accept, hidden: true });
  const viewer = createViewer(say);
  form.before(list);
  form.append(picker);
  picker.addEventListener('change', () => {
    add([...picker.files]);
    picker.value = '';
  });
  ['dragover', 'dragleave', 'drop'].forEach((name) => document.addEventListener(name, ({ type, relatedTarget }) => {
    document.body.classList.toggle('over', type === 'dragover' || (type === 'dragleave' && Boolean(relatedTarget)));
  }));

  // --- for the next message ----------------------------------------------------------------------

  function add(blobs) {
    let problem = '';
    blobs.forEach((blob) => {
      const refusal = items.length >= limits.files ? say('many', { n: limits.files }) : refused(blob);
      problem = problem || refusal;
      if (!refusal) begin({ id: uuid7(), blob, share: 0, element: null });
    });
    show(problem);
    body.focus();
  }

  /** Said before anything is sent. A browser that does not know the type says nothing; then the ending has to do. */
  function refused({ type, name, size }) {
    if (!size) return say('empty');
    if (type ? !limits.accept.split(',').includes(type) : !ENDINGS.test(name)) return say('type');
    return size > limits.file ? say('size', { limit: limits.file / MB }) : '';
  }

  async function begin(item) {
    Object.assign(item, { problem: '', share: 0 });
    if (!items.includes(item)) items.push(item);
    show();
    const { file, problem = '' } = await upload(item).catch(() => ({ problem: say('offline') }));
    if (items.includes(item)) {
      Object.assign(item, { file, problem });
      show(problem);
    } else if (file) {
      giveUp(file);
    }
  }

  function remove(item) {
    items = items.filter((other) => other !== item);
    if (item.request) item.request.abort();
    if (item.file) giveUp(item.file);
    show();
    body.focus();
  }

  /** If that fails, the server's sweep takes it. */
  const giveUp = ({ id }) => session().api.call('POST', `uploads/${id}/delete/`).catch(() => {});

  /** `fetch` does not tell how far it is, so this is the older way. */
  async function upload(item) {
    const token = await credential();
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const data = new FormData();
      data.append('client_id', item.id);
      data.append('file', item.blob, item.blob.name);
      item.request = request;
      request.upload.onprogress = ({ loaded, total }) => {
        item.share = loaded / total;
        show();
      };
      request.onloadend = () => resolve(understood(request));
      request.open('POST', `${config.api}uploads/`);
      request.responseType = 'json';
      request.setRequestHeader('Authorization', `Bearer ${token}`);
      request.setRequestHeader('Accept-Language', config.lang);
      request.send(data);
    });
  }

  function understood({ status, response }) {
    if (status === 200 || status === 201) return { file: note(response) };
    return { problem: (response && (response.detail || response.title)) || say(status ? 'failed' : 'offline') };
  }

  /** Somebody who says nothing but sends a picture is a new visitor, too. */
  async function credential(waits = WAITS) {
    const { visitor, api, begin: connect } = session();
    connect();
    if (visitor.token()) return visitor.token();
    await visitor.ensure(api).catch((error) => {
      if (!waits) throw error;
      return new Promise((resolve) => { setTimeout(resolve, WAIT_MS); });
    });
    return credential(waits - 1);
  }

  function show(problem) {
    list.replaceChildren(...items.map(row));
    list.hidden = !items.length;
    composer.update();
    if (problem !== undefined) composer.complain(problem);
  }

  function row(item) {
    const { blob: { name, size, type }, file, problem, share } = item;
    if (!item.element) item.element = buildRow(item, name, type);
    const [bar, small, again] = item.parts;
    item.element.firstChild.classList.toggle('bad', Boolean(problem));
    bar.hidden = Boolean(file || problem);
    bar.value = share;
    small.textContent = problem || (file ? weight(size) : '');
    again.hidden = !problem;
    return item.element;
  }

  function buildRow(item, name, type) {
    const bar = make('progress', { max: 1, ariaLabel: name });
    const small = make('small', { role: 'status' });
    const again = button('again', '', say('tryAgain'), () => begin(item));
    const out = button('ib', say('remove', { name }), '', () => remove(item));
    out.append(icon('close'));
    item.parts = [bar, small, again];
    const box = make('div', { className: 'doc' });
    box.append(sign(item.blob, type), lines(name, bar, small), again, out);
    const element = make('li');
    element.append(box);
    return element;
  }

  function sign(blob, type) {
    const place = make('i', { textContent: 'PDF', ariaHidden: 'true' });
    if (!type.startsWith('image/')) return place;
    const image = make('img', { alt: '', src: URL.createObjectURL(blob) });
    image.onload = () => URL.revokeObjectURL(image.src);
    place.replaceChildren(image);
    return place;
  }

  // --- in the thread -----------------------------------------------------------------------------

  /** Above the words; a message that is only files has no bubble. */
  function draw(element) {
    const { attachments = [], body: text } = element.message;
    const bubble = element.querySelector('.b');
    const before = element.querySelector('.fs');
    const ids = attachments.map(({ id }) => id).join();
    bubble.hidden = Boolean(ids) && !text;
    if (before && before.dataset.ids === ids) return false; // only its state has changed: the pictures stay
    if (before) before.remove();
    if (!ids) return false;
    const box = make('div', { className: 'fs' });
    box.dataset.ids = ids;
    box.append(...attachments.map((file) => (file.kind === 'image' ? picture(note(file)) : paper(note(file)))));
    bubble.before(box);
    return false;
  }

  function picture(file) {
    const { name, width, height } = file;
    const scale = Math.min(1, BOX / width, BOX / height);
    const image = make('img', { alt: name, width: side(width, scale), height: side(height, scale), decoding: 'async' });
    image.onerror = () => {
      image.onerror = null; // once: a link that grew old, or a file that is gone
      refresh(file).then(() => { image.src = file.thumb; }, () => {});
    };
    image.src = file.thumb || 'data:,';
    const opener = button('pic', '', '', async () => {
      viewer.show(await usable(file).catch(() => file));
    });
    opener.append(image);
    return opener;
  }

  function paper(file) {
    const link = make('a', { className: 'doc', href: file.url, download: file.name });
    const size = [weight(file.size), file.pages && say('pages', { n: file.pages })].filter(Boolean).join(' · ');
    link.append(make('i', { textContent: 'PDF', ariaHidden: 'true' }), lines(file.name, make('small', { textContent: size })));
    link.addEventListener('click', (event) => {
      if (isFresh(file)) return;
      event.preventDefault();
      refresh(file).then(() => {
        link.href = file.url;
        link.click();
      }, () => composer.complain(say('offline')));
    });
    return link;
  }

  function note(file) {
    if (!born.has(file)) born.set(file, Date.now());
    return file;
  }
  const isFresh = (file) => Boolean(file.url) && Date.now() - born.get(file) < FRESH_MS;
  const usable = (file) => (isFresh(file) ? Promise.resolve(file) : refresh(file));

  async function refresh(file) {
    const { url, thumb } = await session().api.call('GET', `files/${file.id}/`);
    born.set(file, Date.now());
    return Object.assign(file, { url, thumb });
  }

  function weight(bytes) {
    if (bytes < MB) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
    return `${(bytes / MB).toLocaleString(config.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
  }

  context.tray = {
    add,
    draw,
    open: () => picker.click(),
    has: () => items.length > 0,
    /** Why the message cannot go out yet, or nothing. */
    obstacle() {
      if (items.some(({ problem }) => problem)) return say('broken');
      return items.some(({ file }) => !file) ? say('busy') : '';
    },
    take() {
      const files = items.map(({ file }) => file);
      items = [];
      show();
      return files;
    },
  };
  return context.tray;
}

/** A picture as large as the chat: the browser's own dialog. Escape closes it, and not the chat. */
function createViewer(say) {
  const image = make('img');
  const name = make('h2', { dir: 'auto' });
  const save = make('a', { textContent: say('save'), target: '_blank' });
  const dialog = make('dialog', { className: 'vw', ariaLabel: say('picture') });
  const out = button('ib', say('close'), '', () => dialog.close());
  const bar = make('p');
  out.append(icon('close'));
  bar.append(name, save, out);
  dialog.append(bar, image);
  document.body.append(dialog);
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  return {
    show(file) {
      name.textContent = file.name;
      Object.assign(image, { alt: file.name, src: file.url });
      Object.assign(save, { href: file.url, download: file.name });
      dialog.showModal();
      out.focus();
    },
  };
}

function lines(name, ...rest) {
  const place = make('span');
  place.append(make('b', { textContent: name, dir: 'auto' }), ...rest);
  return place;
}

function button(className, ariaLabel, textContent, onClick) {
  const element = make('button', { type: 'button', className, textContent });
  if (ariaLabel) element.ariaLabel = ariaLabel;
  element.addEventListener('click', onClick);
  return element;
}

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

const make = (tag, values = {}) => Object.assign(document.createElement(tag), values);
const side = (length, scale) => Math.max(SMALLEST, Math.round(length * scale));
