// Files of a message that waits, drawn as the server draws those of a message that is stored.
import { clone } from './html.js';

const BOX = 280;
const SMALLEST = 44;

/** Before the bubble; a message that is only files has no bubble. */
export function drawFiles(bubble, { attachments = [], body }) {
  if (!attachments.length) return;
  const list = document.createElement('div');
  list.className = 'files';
  list.append(...attachments.map(file => (file.kind === 'image' ? picture(file) : row(file))));
  bubble.before(list);
  bubble.hidden = !body;
}

function picture({ url, thumb, name, width, height }) {
  const link = clone('picture-template');
  const image = link.querySelector('img');
  const scale = Math.min(1, BOX / width, BOX / height);
  link.href = url;
  link.dataset.viewer = name;
  Object.assign(image, {
    alt: name,
    width: Math.max(SMALLEST, Math.round(width * scale)),
    height: Math.max(SMALLEST, Math.round(height * scale)),
    src: thumb,
  });
  return link;
}

function row({ url, name, size }) {
  const link = clone('document-template');
  link.href = url;
  link.querySelector('b').textContent = name;
  link.querySelector('small').textContent = weight(size);
  return link;
}

/** 84 KB, 1.4 MB: as `mc_size` on the server says it. */
export function weight(bytes) {
  const megabytes = bytes / (1024 * 1024);
  if (megabytes < 1) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  const decimals = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${megabytes.toLocaleString(document.documentElement.lang, decimals)} MB`;
}
