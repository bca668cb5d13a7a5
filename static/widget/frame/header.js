// Who answers here, and whether anybody is there now.
import { moment } from './dates.js';
import { dress, hued } from './message.js';
import { word } from './words.js';

const FACES = 3;

export function createHeader({ faces, names, presence, dot, away }) {
  let shown = []; // the page came with those who were there; only the colours are chosen here
  let isThere = false;
  let opensAt = away.dataset.opens; // the hours begin then; until then nobody counts as there
  for (const face of faces.children) face.className = hued(face.title);
  sayBack();

  function setTeam(operators) {
    shown = operators.slice(0, FACES);
    faces.replaceChildren(...shown.map(face));
    names.textContent = shown.length ? ` · ${shown.map((operator) => operator.name).join(', ')}` : '';
  }

  function face(operator) {
    const avatar = document.createElement('i');
    dress(avatar, operator);
    return avatar;
  }

  function isClosed() {
    return Boolean(opensAt) && new Date(opensAt) > new Date();
  }

  function sayBack() {
    away.lastElementChild.textContent = isClosed() ? word('back', { when: moment(opensAt) }) : '';
  }

  const isOnline = () => isThere && !isClosed();

  function setOnline() {
    const online = isOnline();
    sayBack();
    dot.classList.toggle('on', online);
    presence.textContent = word(online ? 'online' : 'away');
    away.hidden = online;
  }

  return {
    isOnline,
    update({ operators, online, opens_at }) {
      if (opens_at !== undefined) opensAt = opens_at;
      if (operators) setTeam(operators);
      isThere = online;
      setOnline();
    },
    /** Somebody answers who came after we asked who is there. */
    meet(author) {
      if (!shown.some((operator) => operator.name === author.name)) setTeam([author, ...shown]);
    },
  };
}
