// The bar above the field: a reply to begin with, from what the workspace knows, or what stands in the field in other
// words. Comes when it is needed; `house` is what the inbox lends it (../suggestion.js).

// A model may take its time; the server has an end of its own.
const PATIENCE = 30_000;
let house = null;
let markup = '';
let asked = 0; // what comes for an earlier question is of no use any more
let source = null; // what is being put in other words: {words, note}

const form = () => document.getElementById('composer');
const bar = () => document.getElementById('suggestion');
const field = () => document.getElementById('composer-text');
const part = name => bar().querySelector(`[data-bar-${name}]`);
const isNote = () => form().classList.contains('is-note');
const isReady = () => !bar().hidden && !part('insert').hidden;

export function start(lent) {
  house = lent;
  return {
    ready, suggest, begin, rewrite, insert, dismiss, explain,
    insertOrSuggest() {
      if (isReady()) insert();
      else if (house.may()) suggest();
    },
    /** Another thread, or one in which nobody of the team answers. */
    leave: ({ always }) => bar() && (always || !source) && hide(),
  };
}

/** Each thread has a field of its own, and gets a bar when somebody calls for it. False: it could not be fetched. */
async function ready() {
  if (bar()) return true;
  if (!markup) {
    const reply = await house.getHtml(form().dataset.suggest.replace(/[^/]+\/$/, ''));
    if (!reply.ok) return false;
    markup = reply.html;
  }
  if (form() && !bar()) document.getElementById('slash').before(...house.elements(markup));
  return Boolean(bar());
}

// --- Asking -----------------------------------------------------------------------------------------------------------

function suggest() {
  source = null;
  ask(form().dataset.suggest, {}, bar().dataset.busy);
}

function begin() {
  const words = field().value.trim();
  asked++;
  source = words ? { words, note: isNote() } : null;
  show(words ? bar().dataset.how : bar().dataset.empty);
}

function rewrite(way) {
  // Somebody went on typing while the bar was open: what is meant is what stands there now.
  source = { words: field().value.trim() || source.words, note: isNote() };
  ask(form().dataset.rewrite, { text: source.words, way }, bar().dataset.rewriting);
}

async function ask(url, body, meanwhile) {
  const mine = ++asked;
  const place = bar();
  show(meanwhile);
  place.ariaBusy = 'true';
  const reply = await house.postJson(url, body, { patience: PATIENCE });
  if (mine !== asked || place !== bar()) return;
  place.ariaBusy = null;
  if (reply.ok) show(reply.data.text || reply.data.detail, reply.data);
  else show(reply.data?.detail || house.text(reply.status === 0 ? 'noNetwork' : 'failedHere'));
}

// --- The bar ----------------------------------------------------------------------------------------------------------

function show(said, { text: found = '', sources = [] } = {}) {
  bar().ariaBusy = null;
  part('text').textContent = said;
  part('insert').hidden = !found;
  for (const label of part('insert').querySelectorAll('[data-bar-for]')) label.hidden = (label.dataset.barFor === 'rewriting') !== Boolean(source);
  part('sources').replaceChildren(...sources.map(cite));
  if (part('ways')) part('ways').hidden = !source;
  bar().hidden = false;
}

function cite({ title, url }, at) {
  const link = Object.assign(document.createElement('a'), { className: 'cite', href: url, target: '_blank', rel: 'noopener' });
  const number = Object.assign(document.createElement('span'), { className: 'cite-n', textContent: at + 1 });
  link.append(number, Object.assign(document.createElement('span'), { textContent: title, dir: 'auto' }));
  return link;
}

function insert() {
  const words = part('text').textContent;
  const from = source;
  hide();
  // A suggestion is for the visitor; other words stay what they were, a reply or a note.
  house.write(from?.note ?? false);
  if (from && field().value.trim() === from.words) replace(words);
  else append(words);
}

/** As if it were typed: Ctrl+Z brings back what was there. */
function replace(words) {
  field().select();
  if (!document.execCommand('insertText', false, words)) house.type(field(), 0, field().value.length, words);
}

/** Below what is there, after a blank line. */
function append(words) {
  const { length } = field().value;
  const isBlank = !field().value.trim();
  house.type(field(), isBlank ? 0 : length, length, isBlank ? words : `\n\n${words}`);
}

function dismiss() {
  hide();
  field().focus();
}

function hide() {
  asked++;
  source = null;
  bar().hidden = true;
}

// --- Why it said so ---------------------------------------------------------------------------------------------------

/** Below the assistant's answer. */
async function explain(box) {
  const place = box.querySelector('[data-why-text]');
  const { why, conversation } = document.getElementById('log').dataset;
  box.ariaBusy = 'true';
  const reply = await house.getHtml(why.replace(conversation, box.dataset.why));
  box.ariaBusy = null;
  if (reply.ok) place.replaceChildren(...house.elements(reply.html));
  else place.textContent = house.text(reply.status === 0 ? 'noNetwork' : 'failedHere');
  place.onclick = ({ target }) => judge(box, target.closest('[data-judge]'));
}

/** What a colleague thinks of it; the same button once more takes it back. */
async function judge(box, button) {
  if (!button || box.ariaBusy) return;
  const place = button.closest('[data-judgement]');
  const { judge: wish } = button.dataset;
  const verdict = button.getAttribute('aria-pressed') === 'true' ? '' : wish;
  box.ariaBusy = 'true';
  const reply = await house.postJson(place.dataset.judgement, { verdict });
  box.ariaBusy = null;
  if (!reply.ok) return say(place, reply);
  await explain(box);
  // Only from where it was: whoever went on meanwhile is not called back.
  if (document.activeElement === document.body) box.querySelector(`[data-judge="${wish}"]`)?.focus();
}

function say(place, reply) {
  place.querySelector('[data-judge-said]').textContent = reply.data?.detail || house.text(reply.status === 0 ? 'noNetwork' : 'failedHere');
}
