// [data-picture] shows what was chosen or dropped before it is sent, and says at once what would be refused.
for (const form of document.querySelectorAll('[data-picture]')) enhance(form);

function enhance(form) {
  const input = form.querySelector('input[type=file]');
  const zone = form.querySelector('[data-picture-zone]');
  form.classList.add('is-live');
  input.addEventListener('change', () => choose(form, input));
  for (const name of ['dragenter', 'dragover']) {
    zone.addEventListener(name, event => {
      event.preventDefault();
      zone.classList.add('is-over');
    });
  }
  for (const name of ['dragleave', 'drop']) zone.addEventListener(name, () => zone.classList.remove('is-over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    choose(form, input);
  });
}

function choose(form, input) {
  const [file] = input.files;
  const problem = file ? problemOf(form, input, file) : '';
  if (problem) input.value = '';
  say(form, problem);
  name(form, file && !problem ? file.name : '');
  if (file && !problem) show(form, file);
}

function problemOf({ dataset }, input, file) {
  // A browser that does not know the type says nothing; then the server looks.
  if (file.type && !input.accept.split(',').includes(file.type)) return dataset.notAPicture;
  return file.size > Number(input.dataset.limit) ? dataset.tooLarge : '';
}

function say(form, problem) {
  const place = form.querySelector('[data-picture-error]');
  place.querySelector('p').textContent = problem;
  place.hidden = !problem;
  form.querySelector('input[type=file]').setAttribute('aria-invalid', String(Boolean(problem)));
}

function name(form, text) {
  const place = form.querySelector('[data-picture-name]');
  place.textContent = text;
  place.hidden = !text;
}

function show(form, file) {
  const image = new Image(96, 96);
  image.alt = '';
  image.addEventListener('load', () => {
    form.querySelector('[data-picture-preview]').replaceChildren(image);
    URL.revokeObjectURL(image.src);
  });
  image.src = URL.createObjectURL(file);
}
