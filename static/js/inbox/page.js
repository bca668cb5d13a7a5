// What the server wrote into the page: addresses, the member, the words.
export const page = document.getElementById('inbox-page');
export const panes = () => document.getElementById('panes');
export const log = () => document.getElementById('log');
export const head = () => document.getElementById('thread-head');

export const settings = {
  socket: page.dataset.socket,
  slug: page.dataset.slug,
  listUrl: page.dataset.listUrl,
  canReply: page.dataset.canReply === 'true',
  canDelete: page.dataset.canDelete === 'true',
  member: {
    id: page.dataset.member,
    name: page.dataset.memberName,
    initials: page.dataset.memberInitials,
    hue: page.dataset.memberHue,
    avatar: page.dataset.memberAvatar,
  },
};

// Unsent texts and drafts belong to one member of one workspace, whoever signs in here next.
export const owner = `${settings.slug}:${settings.member.id}`;

const texts = document.getElementById('texts').dataset;

export function text(name, values = {}) {
  return Object.entries(values).reduce((words, [key, value]) => words.replaceAll(`{${key}}`, String(value)), texts[name] ?? '');
}

/** The conversation that this tab shows, or null. */
export const current = () => panes()?.dataset.conversation || null;
