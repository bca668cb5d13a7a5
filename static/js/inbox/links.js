// A link that a visitor wrote opens beside the inbox and learns nothing about it.
export function startLinks() {
  const guard = event => {
    const link = event.target.closest('.bubble a[href]');
    if (link) Object.assign(link, { target: '_blank', rel: 'noopener noreferrer nofollow' });
  };
  document.addEventListener('click', guard);
  document.addEventListener('auxclick', guard);
}
