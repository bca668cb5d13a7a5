// The look of the widget while it is being chosen. Speaks to the preview as the loader speaks to the chat: one
// greeting, checked by window and origin, then a port. It never says "shown", so no visitor comes to be.
const form = document.querySelector('[data-look]');
const preview = document.getElementById('preview');
const read = id => JSON.parse(document.getElementById(id).textContent);
const [presets, usual, saved] = ['presets', 'usual', 'saved'].map(read);
const { elements } = form;
let language = preview.dataset.lang;
let view = saved.home ? 'home' : 'chat';
let port = null;

// The page of a new owner has a few of the fields only: what it does not ask for stays as it is.
const value = (name, otherwise) => (elements[name] ? elements[name].value.trim() : otherwise ?? '');
const isOn = (name, otherwise) => (elements[name] ? elements[name].checked : otherwise);
const color = () => presets[elements.color.value] ?? elements.own.value;
const pageTheme = () => document.documentElement.dataset.theme;
const word = name => value(`${name}_${language}`, saved.texts[language]?.[name]) || value(name, saved[name]) || usual[language][name];

addEventListener('message', ({ source, origin, data }) => {
  if (source !== preview.contentWindow || origin !== location.origin || data?.mc !== 'hello') return;
  port?.close();
  const channel = new MessageChannel();
  port = channel.port1;
  source.postMessage({ mc: 'port' }, origin, [channel.port2]);
  say('init', { token: null, texts: [], draft: '', page: {}, theme: pageTheme(), open: false });
  show();
});

// A colour of one's own is meant as soon as it is touched.
elements.own.addEventListener('input', () => {
  form.querySelector('[name=color][value=own]').checked = true;
  show();
});
form.addEventListener('input', show);
// Whoever writes for one language wants to see it there.
form.addEventListener('focusin', ({ target }) => speak(target.closest('[data-language]')?.dataset.language));
elements.language?.addEventListener('change', () => speak(elements.language.value));
for (const button of document.querySelectorAll('.look-tools button')) {
  button.addEventListener('click', () => {
    if (button.dataset.lang) speak(button.dataset.lang);
    else {
      view = button.dataset.view;
      show();
    }
  });
}
new MutationObserver(show).observe(document.documentElement, { attributeFilter: ['data-theme'] });
load(); // only now: its greeting must find somebody who listens

function load() {
  preview.src = `${preview.dataset.src}&l=${language}`;
}

function speak(wish) {
  if (!wish || wish === language || !usual[wish]) return;
  language = wish;
  port = null;
  load(); // its other words are written on the server
  show();
}

function say(type, data) {
  port?.postMessage({ t: type, d: data });
}

function show() {
  const preset = value('preset', saved.preset);
  const theme = ['light', 'dark'].includes(preset) ? preset : '';
  form.querySelector('.colour-own').classList.toggle('is-chosen', elements.color.value === 'own');
  form.querySelector('[data-pale]').hidden = contrastOnWhite(color()) >= 4.5;
  if (elements.home && !elements.home.checked) view = 'chat';
  for (const button of document.querySelectorAll('.look-tools button')) {
    button.setAttribute('aria-pressed', String((button.dataset.lang ?? button.dataset.view) === (button.dataset.lang ? language : view)));
    if (button.dataset.view === 'home') button.disabled = !isOn('home', saved.home);
  }
  say('theme', pageTheme());
  say('look', {
    color: color(), style: ['minimal', 'corporate'].includes(preset) ? preset : '', theme,
    title: word('title'), greeting: word('greeting'), offline: word('offline'), branding: isOn('branding', saved.branding),
  });
  say('view', view);
  launch();
}

function launch() {
  const place = document.querySelector('[data-launch]');
  if (!elements.launcher) return;
  place.hidden = elements.launcher.value === 'none';
  place.classList.toggle('is-left', elements.side.value === 'left');
  const button = place.querySelector('.launch');
  const gap = Math.min(Math.max(Number(elements.gap.value) || 20, 4), 80);
  place.style.padding = `${gap}px`;
  Object.assign(button.style, { minWidth: `${elements.size.value}px`, minHeight: `${elements.size.value}px`, background: color(), color: contrastOnWhite(color()) >= 4.5 ? '#fff' : '#000' });
  button.querySelector('b').textContent = value('label');
  button.querySelectorAll('[data-icon]').forEach(sign => sign.toggleAttribute('hidden', sign.dataset.icon !== elements.icon.value));
}

/** WCAG's ratio against white. */
function contrastOnWhite(hex) {
  const part = at => parseInt(hex.slice(at, at + 2), 16) / 255;
  const [red, green, blue] = [1, 3, 5].map(part).map(one => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
show();
