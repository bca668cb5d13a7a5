// What a conversation needs once somebody answers: it is spoken; and its menu, with a sound for what comes while nobody
// looks, and the conversation by mail.
import { createMail } from './menu/mail.js';
import { createSound } from './menu/sound.js';
import { createSpeech } from './menu/speech.js';
import { button, element } from './more/elements.js';

export function start(context, { menu: words }) {
  const { root, config, session } = context;
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (whole, key) => values[key]);
  const sound = createSound(context);
  const mail = createMail(context, say);
  const ring = element('input', { type: 'checkbox', onchange: () => sound.turn(ring.checked) });
  const ringLine = element('label', { className: 'mn-i', hidden: !config.sound }, ring, say('sound'));
  const byMail = button(say('mail'), () => mail.begin(), 'mn-i');
  const box = element('div', { className: 'mn', hidden: true }, ringLine, byMail, mail.box);
  let opener = null;
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', say('menu'));

  function open(pressed) {
    if (!box.hidden) return close(true);
    opener = pressed;
    opener.after(box); // Tab goes on into it
    ring.checked = sound.isLoud();
    mail.reset();
    byMail.disabled = !session().thread.id;
    box.hidden = false;
    opener.ariaExpanded = 'true';
    return [...box.querySelectorAll('input,button')].find((one) => !one.disabled && one.getClientRects().length)?.focus();
  }

  function close(isAsked) {
    box.hidden = true;
    opener.ariaExpanded = 'false';
    if (isAsked) opener.focus();
  }

  root.addEventListener('keydown', (event) => {
    if (box.hidden || event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    close(true);
  });
  const leave = (target) => !box.hidden && target && !box.contains(target) && !opener.contains(target) && close();
  document.addEventListener('pointerdown', ({ target }) => leave(target));
  box.addEventListener('focusout', ({ relatedTarget }) => leave(relatedTarget));

  return { open, tell: createSpeech(context, sound) };
}
