// Who answers here, and whether anybody is there now.
import { dress } from './message.js';
import { word } from './words.js';

const FACES = 3;

export function createHeader({ faces, names, presence, dot, away }) {
  faces.querySelectorAll('.av').forEach((face, index) => {
    dress(face, { name: names.textContent.replace(/^ · /, '').split(', ')[index] || '', initials: face.textContent });
  });

  function setTeam(operators) {
    const shown = operators.slice(0, FACES);
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
  };
}
