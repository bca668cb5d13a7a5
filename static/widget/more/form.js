// The two forms of a visitor: what is asked before a conversation, and word that is left where nobody answers.
// What was typed is kept until it is accepted.
import { uuid7 } from '../frame/ids.js';
import { button, element } from './elements.js';

const TYPES = { email: 'email', phone: 'tel' };
const PATIENCE_MS = 15_000;
const touch = matchMedia('(pointer:coarse)');

export function createForm(context, words) {
  const { root, config, host, composer, body, screens, session } = context;
  const place = element('section', { className: 'sc', hidden: true });
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  let current = null; // the form that shows
  place.dataset.screen = 'form';
  root.append(place);
  new MutationObserver(() => place.hidden && leave()).observe(place, { attributeFilter: ['hidden'] });
  // The panel was opened again: the focus comes to the frame, and belongs into the form.
  window.addEventListener('focus', () => !place.hidden && document.activeElement === document.body && focus());

  /** `item`: a text that was sent before it was known what is asked, or refused because the month's messages are used up. */
  function ask(form, item, unsent) {
    const sent = item ? item.body : '';
    const texts = current ? [current.message.input.value, sent] : [sent, body.value];
    const withFiles = current ? current.withFiles : [];
    composer.write('');
    if (item) hold(item, unsent, withFiles);
    draw(form, texts.filter(Boolean).join('\n'), { unsent, withFiles });
    host.send('draft', current.message.input.value);
    screens.show('form');
    focus();
  }

  /** Its text is in the form now; files wait where they are until there is a message that they can go with. */
  function hold(item, unsent, withFiles) {
    if (!item.attachments || !item.attachments.length) {
      unsent.remove(item.client_id);
      return;
    }
    item.body = '';
    unsent.fail(item.client_id, '');
    if (!withFiles.includes(item)) withFiles.push(item);
  }

  function draw(form, text, waiting) {
    const kept = current ? typed() : recall();
    const isContact = form.kind === 'contact';
    const fields = form.fields.map((field) => question(field, kept[field.name] || ''));
    const message = box(element('textarea', { value: text, rows: 3, maxLength: 2000, dir: 'auto' }), words.message, 'body', isContact);
    const consent = form.consent ? tick(form.consent) : null;
    const all = [...fields, message, ...(consent ? [consent] : [])];
    const send = element('button', { className: 'go', type: 'submit' }, say(isContact ? 'sendWord' : 'begin'));
    const foot = element('div', { className: 'ways' }, send);
    // An empty answer is one: it is not asked again.
    if (!isContact && !consent && !form.fields.some(({ required }) => required)) foot.append(button(say('skip'), () => submit({})));
    const problem = element('p', { className: 'er', hidden: true });
    problem.setAttribute('role', 'alert');
    const view = element('form', { noValidate: true, className: 'ask' }, element('h2', { tabIndex: -1, id: 'ask-h' }, say(isContact ? 'leaveWord' : 'before')));
    view.setAttribute('aria-labelledby', 'ask-h');
    if (isContact) view.append(element('p', {}, words.cannotAnswer));
    view.append(...all.map(({ row }) => row), problem, foot);
    current = { ...waiting, form, name: uuid7(), all, message, consent, foot, problem, isContact };
    place.replaceChildren(view);
    view.addEventListener('input', () => {
      host.send('draft', message.input.value);
      keep(typed());
    });
    view.addEventListener('submit', (event) => {
      event.preventDefault();
      submit(typed());
    });
  }

  const typed = () => Object.fromEntries(current.all.filter((one) => one.isAnswer).map((one) => [one.name, one.input.value]));

  async function submit(answers) {
    const form = current;
    const { all, message, consent, foot, problem, name, isContact } = form;
    const buttons = [...foot.children];
    if (buttons[0].disabled) return;
    all.forEach((one) => one.complain(''));
    problem.hidden = true;
    const text = message.input.value.trim();
    const missing = all.filter(({ input }) => input.required && !(input.type === 'checkbox' ? input.checked : input.value.trim()));
    missing.forEach((one) => one.complain(words[one.name === 'body' ? 'writeFirst' : one === consent ? 'tickThis' : 'fillIn']));
    if (missing.length) {
      missing[0].input.focus();
      return;
    }
    buttons.forEach((one) => { one.disabled = true; });
    try {
      const isAgreed = Boolean(consent && consent.input.checked);
      const done = await post({ client_id: name, answers, consent: isAgreed, body: isContact ? text : '' }, form);
      finish(done, text, form, answers.email);
    } catch (error) {
      refused(error, form);
    } finally {
      buttons.forEach((one) => { one.disabled = false; });
    }
  }

  /** By HTTP alone: there is an answer to wait for, and a socket need not be open. Throws the problem that it answers. */
  async function post(filled, { isContact, withFiles }) {
    const { api, visitor, thread, chats } = session();
    await visitor.ensure(api);
    const fresh = !thread.id && chats.list().length > 0;
    const ids = isContact ? files(withFiles).map(({ id }) => id) : [];
    const response = await fetch(`${config.api}form/`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${visitor.token()}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...filled, files: ids, conversation: thread.id, fresh, lang: config.lang }),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer = await response.json();
    if (!response.ok) throw answer;
    return answer;
  }

  const files = (items) => items.flatMap(({ attachments }) => attachments);

  /** Each sentence beside its field; the first one gets the focus. */
  function refused(error, form) {
    const errors = error.errors || {};
    if (error.code === 'conflict') form.name = uuid7();
    const wrong = form.all.filter((one) => errors[one.name]);
    wrong.forEach((one) => one.complain(errors[one.name][0]));
    if (wrong.length) wrong[0].input.focus();
    form.problem.hidden = Boolean(wrong.length);
    form.problem.textContent = wrong.length ? '' : error.detail || say('offline');
  }

  function finish({ message, lead }, text, { isContact, withFiles, unsent }, email) {
    keep('');
    session().thread.forms = {};
    current = null;
    host.send('draft', '');
    if (message) session().open(message.conversation);
    // Over the month's messages there is no message that files could go with: they stay where they are, unsent.
    if (message || !isContact) withFiles.forEach((item) => unsent.remove(item.client_id));
    if (lead) host.send('lead', { source: isContact ? 'contact_form' : 'widget' });
    if (isContact) return thank(email);
    screens.show('chat', true);
    if (text || withFiles.length) session().post(text, files(withFiles));
    return null;
  }

  function thank(email) {
    const onward = button(say('onward'), () => screens.show('chat', true), 'go');
    place.replaceChildren(
      element('div', { className: 'ask' }, element('h2', { tabIndex: -1 }, say('thanks')), element('p', {}, email ? say('answerTo', { email }) : say('answerLater')), onward),
    );
    focus();
  }

  /** Where one begins: the first field that is empty. A touch keyboard would cover what is to be read. */
  function focus() {
    const first = !touch.matches && current && current.all.find(({ input }) => !input.value);
    (first ? first.input : place.querySelector('h2')).focus();
  }

  /** Left without sending: the text goes back to where it is written. */
  function leave() {
    if (!current) return;
    composer.write(current.message.input.value);
    current = null;
  }

  // --- one field ---------------------------------------------------------------------------------

  function question({ name, label, required, autocomplete, limit }, value) {
    const input = element('input', { type: TYPES[name] || 'text', name, value, autocomplete, maxLength: limit, dir: 'auto' });
    return { ...box(input, label, name, required), isAnswer: true };
  }

  function box(input, label, name, required) {
    const id = `f-${name}`;
    Object.assign(input, { id, required });
    const error = element('p', { className: 'er', id: `${id}-e`, hidden: true });
    const caption = element('label', { htmlFor: id }, label);
    if (!required) caption.append(' ', element('small', {}, words.optional));
    return { name, input, row: element('div', { className: 'fi' }, caption, input, error), complain: complainer(input, error) };
  }

  function tick(text) {
    const input = element('input', { type: 'checkbox', id: 'f-consent', required: true });
    const error = element('p', { className: 'er', id: 'f-consent-e', hidden: true });
    const label = element('label', { htmlFor: 'f-consent', dir: 'auto' }, text);
    return { name: 'consent', input, row: element('div', { className: 'fi ok' }, input, label, error), complain: complainer(input, error) };
  }

  function complainer(input, error) {
    return (sentence) => {
      error.textContent = sentence;
      error.hidden = !sentence;
      input.setAttribute('aria-invalid', String(Boolean(sentence)));
      if (sentence) input.setAttribute('aria-describedby', error.id);
      else input.removeAttribute('aria-describedby');
    };
  }

  // --- what was typed outlives a reload: the page around keeps it for this tab, a frame may keep nothing -----------------

  function keep(answers) {
    context.known().form = answers && JSON.stringify(answers);
    host.send('form', context.known().form);
  }

  function recall() {
    try {
      return JSON.parse(context.known().form) || {};
    } catch {
      return {};
    }
  }

  return ask;
}
