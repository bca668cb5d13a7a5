// Who answers here, and whether anybody is there now.
import { dress } from './message.js';
import { word } from './words.js';

const FACES = 3;

export function createHeader({ faces, names, presence, dot, away }) {
  let shown = readFaces(faces);
  setTeam(shown);

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

  function setOnline(online) {
    dot.classList.toggle('on', online);
    presence.textContent = word(online ? 'online' : 'away');
    away.hidden = online;
  }

  return {
    update({ operators, online }) {
      if (operators) setTeam(operators);
      setOnline(online);
    },
    /** Somebody answers who came after we asked who is there. */
    meet(author) {
      if (!shown.some((operator) => operator.name === author.name)) setTeam([author, ...shown]);
    },
  };
}

function readFaces(faces) {
  return [...faces.children].map(({ title, textContent, firstElementChild }) => ({
    name: title,
    initials: textContent,
    avatar: firstElementChild && firstElementChild.src,
  }));
}
