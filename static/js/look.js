// The look of the widget while it is being chosen. Speaks to the preview as the loader speaks to the chat: one
// greeting, checked by window and origin, then a port. It never says "shown", so no visitor comes to be.
const form = document.querySelector('[data-look]');
const preview = document.getElementById('preview');
const presets = JSON.parse(document.getElementById('presets').textContent);
const greeting = form.elements.greeting;
const hello = preview.dataset.hello; // what an empty greeting stands for
let port = null;

const color = () => presets[form.elements.color.value] ?? form.elements.own.value;
const theme = () => document.documentElement.dataset.theme;

addEventListener('message', ({ source, origin, data }) => {
  if (source !== preview.contentWindow || origin !== location.origin || data?.mc !== 'hello') return;
  port?.close();
  const channel = new MessageChannel();
  port = channel.port1;
  source.postMessage({ mc: 'port' }, origin, [channel.port2]);
  say('init', { token: null, texts: [], draft: '', page: {}, theme: theme(), open: false });
  show();
});

// A colour of one's own is meant as soon as it is touched.
form.elements.own.addEventListener('input', () => {
  form.querySelector('[name=color][value=own]').checked = true;
  show();
});
form.addEventListener('input', show);
new MutationObserver(() => say('theme', theme())).observe(document.documentElement, { attributeFilter: ['data-theme'] });
// Only now: its greeting must find somebody who listens.
preview.src = preview.dataset.src;

function say(type, data) {
  port?.postMessage({ t: type, d: data });
}

function show() {
  const own = form.querySelector('.colour-own');
  own.classList.toggle('is-chosen', form.elements.color.value === 'own');
  say('look', { color: color(), greeting: greeting.value.trim() || hello });
}
show();
