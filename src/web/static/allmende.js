// What only a script can do: notices of what is new, and suggestions while somebody types. Everything
// else works without it.

const lang = document.documentElement.lang;

async function ask(query, variables) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': lang },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()).data;
}

// --- Notices. They say that there is something and never move what is being read.

function live(place) {
  const document_ = 'subscription { solutionPublished { cursor } }';
  const source = new EventSource(`/graphql?query=${encodeURIComponent(document_)}`);
  let count = 0;
  const show = () => {
    const { one, many, show: link, pause } = place.dataset;
    const text = document.createElement('span');
    text.textContent = count === 1 ? one : `${count} ${many}`;
    const again = document.createElement('a');
    again.href = location.href;
    again.textContent = link;
    const stop = document.createElement('button');
    stop.type = 'button';
    stop.textContent = pause;
    stop.addEventListener('click', () => { source.close(); place.replaceChildren(); });
    place.replaceChildren(text, again, stop);
  };
  source.addEventListener('next', () => { count += 1; show(); });
  // A hub that asks to come back is come back to by the browser itself; the last id goes along.
}

for (const place of document.querySelectorAll('[data-live]')) live(place);

// --- A subscription to look at, when somebody asks for it.

function listen(place) {
  const { listen: query, start, stop, waiting } = place.dataset;
  const button = document.createElement('button');
  button.type = 'button';
  const told = document.createElement('pre');
  told.tabIndex = 0;
  told.setAttribute('role', 'log');
  told.setAttribute('aria-label', start);
  told.hidden = true;
  let source;
  const end = () => {
    source?.close();
    source = undefined;
    button.textContent = start;
  };
  button.addEventListener('click', () => {
    if (source) return end();
    source = new EventSource(`/graphql?query=${encodeURIComponent(query)}`);
    button.textContent = stop;
    told.hidden = false;
    source.addEventListener('open', () => { if (!told.textContent) told.textContent = waiting; });
    source.addEventListener('next', ({ data }) => {
      const before = told.textContent === waiting ? '' : `${told.textContent}\n`;
      told.textContent = before + JSON.stringify(JSON.parse(data), null, 2);
    });
    return source.addEventListener('complete', end);
  });
  end();
  place.replaceChildren(button, told);
}

for (const place of document.querySelectorAll('[data-listen]')) listen(place);

// --- Suggestions, as the pattern "combobox with a list" of the ARIA practices has them.

const SUGGEST = `query($text: String!) { suggest(text: $text, first: 6) {
  texts municipalities { name }
} }`;

function combobox(input) {
  const kind = input.dataset.suggest;
  const list = document.createElement('ul');
  list.className = 'suggestions';
  list.id = `${input.id}-list`;
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.labels[0].textContent);
  input.closest('.field').after(list);
  const set = (attributes) => {
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  };
  set({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id });
  let chosen = -1;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    set({ 'aria-expanded': 'false' });
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((option, place) => { option.setAttribute('aria-selected', String(place === index)); });
    const option = list.children[index];
    if (option) set({ 'aria-activedescendant': option.id });
    else input.removeAttribute('aria-activedescendant');
  };
  const take = (option) => {
    input.value = option.textContent;
    close();
    input.form.requestSubmit();
  };
  const show = (texts) => {
    list.replaceChildren(...texts.map((text, place) => {
      const option = document.createElement('li');
      option.id = `${list.id}-${place}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.textContent = text;
      option.addEventListener('mousedown', (event) => { event.preventDefault(); take(option); });
      return option;
    }));
    list.hidden = texts.length === 0;
    chosen = -1;
    set({ 'aria-expanded': String(texts.length > 0) });
  };

  input.addEventListener('input', async () => {
    const text = input.value.trim();
    const mine = asked += 1;
    if (text.length < 2) return close();
    try {
      const { suggest } = await ask(SUGGEST, { text });
      if (mine !== asked) return undefined;
      show(kind === 'municipalities' ? suggest.municipalities.map(({ name }) => name) : suggest.texts);
    } catch {
      close();
    }
    return undefined;
  });
  input.addEventListener('keydown', (event) => {
    const count = list.children.length;
    if (list.hidden || count === 0) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      choose(chosen < 0 && step < 0 ? count - 1 : (chosen + step + count) % count);
    } else if (event.key === 'Enter' && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener('blur', close);
}

for (const input of document.querySelectorAll('input[data-suggest]')) combobox(input);

// On a narrow screen what is found comes first.
const narrow = document.querySelector('details.narrow');
if (narrow && matchMedia('(max-width: 58rem)').matches) narrow.open = false;

// --- Forms. What is wrong comes into sight first; a form is sent once.

document.querySelector('[data-focus]')?.focus();

function once(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
  });
  // Who comes back with the browser's own button may send it again.
  addEventListener('pageshow', () => { delete form.dataset.sent; });
}

for (const form of document.querySelectorAll('form[method="post"]')) once(form);

// --- Drafts. What could not be saved is kept on this device until it could, or until its writer signs out.

const DRAFT = 'allmende-draft:';
/** Which draft was sent last, until the answer is there. */
const SENT = 'allmende-sent';

function keep(key, pairs) {
  try {
    if (pairs) localStorage.setItem(key, JSON.stringify(pairs));
    else localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing still sends the form.
  }
}

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

try {
  // Who has to sign in first has not been answered yet.
  if (!document.querySelector('[name="again"]')) {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (sent && document.querySelector('[data-saved]')) keep(sent, null);
  }
} catch {
  // Nothing was kept.
}

for (const form of document.querySelectorAll('form[data-sign-out]')) {
  form.addEventListener('submit', () => {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(DRAFT)).forEach((key) => localStorage.removeItem(key));
    } catch {
      // Nothing was kept either.
    }
  });
}

/** Puts what was kept back. Entries for which there are no fields yet get them from the hub. */
function fill(form, pairs) {
  if (pairs.some(([name]) => !form.elements.namedItem(name))) {
    const whole = document.createElement('form');
    whole.method = 'post';
    whole.action = form.action;
    for (const [name, value] of [...pairs, ['do', 'add:']]) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      field.value = value;
      whole.append(field);
    }
    whole.hidden = true;
    document.body.append(whole);
    whole.submit();
    return;
  }
  for (const box of form.querySelectorAll('input[type="checkbox"]')) {
    box.checked = pairs.some(([name, value]) => name === box.name && value === box.value);
  }
  for (const [name, value] of pairs) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLElement && field.type !== 'checkbox') field.value = value;
  }
}

function draft(form) {
  const key = DRAFT + new URL(form.action).pathname;
  const state = form.querySelector('[data-state]');
  const pairs = () => [...new FormData(form)].filter(([, value]) => typeof value === 'string');
  const saves = 'autosave' in form.dataset;
  let changed = false;
  let saving = false;
  let waiting = null;
  let timer = 0;

  const tell = (text) => { state.textContent = text; };
  const failed = (text) => { keep(key, pairs()); tell(text); };

  async function save() {
    if (!changed || saving || form.dataset.sent) return;
    let pause = 5000;
    changed = false;
    saving = true;
    tell(form.dataset.saving);
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        headers: { accept: 'application/json', 'accept-language': lang },
        body: new URLSearchParams(new FormData(form)),
      });
      const { revision, errors = [] } = await answer.json();
      if (answer.ok) {
        // The steps below the form are decided on what is stored now.
        for (const it of document.querySelectorAll('input[name="expectedRevision"]')) it.value = revision;
        if (!changed) keep(key, null);
        tell(`${form.dataset.savedAt} ${new Date().toLocaleTimeString(lang, { timeStyle: 'short' })}`);
      } else {
        const [first] = errors;
        failed(`${form.dataset.notSaved} ${typeof first === 'string' ? first : ''}`);
      }
    } catch {
      failed(form.dataset.notSaved);
      changed = true;
      pause = 15000;
    }
    saving = false;
    const button = waiting;
    waiting = null;
    if (button) form.requestSubmit(button);
    else if (changed) later(pause);
  }

  function later(milliseconds) {
    changed = true;
    timer ||= setTimeout(() => { timer = 0; save(); }, milliseconds);
  }

  form.addEventListener('input', () => {
    keep(key, pairs());
    if (saves) later(5000);
  });
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    keep(key, pairs());
    try {
      sessionStorage.setItem(SENT, key);
    } catch {
      // Then it is offered once more.
    }
    if (!saving) return;
    // What is on its way raises the revision; the button waits for it.
    event.preventDefault();
    delete form.dataset.sent;
    waiting = event.submitter;
  });

  const before = kept(key);
  const now = pairs();
  const lacks = ([name, value]) => value !== '' && name !== 'expectedRevision'
    && !now.some(([other, held]) => other === name && held === value);
  if (before?.some(lacks) && !document.querySelector('.summary, [role="alert"]')) offer(form, key, before);
}

function offer(form, key, pairs) {
  const notice = document.createElement('div');
  notice.className = 'notice';
  notice.setAttribute('role', 'status');
  const text = document.createElement('p');
  text.textContent = form.dataset.kept;
  const button = (label, press) => {
    const it = document.createElement('button');
    it.type = 'button';
    it.className = 'quiet';
    it.textContent = label;
    it.addEventListener('click', () => { press(); notice.remove(); });
    return it;
  };
  notice.append(
    text,
    button(form.dataset.take, () => { fill(form, pairs); form.dispatchEvent(new Event('input')); }),
    ' ',
    button(form.dataset.drop, () => keep(key, null)),
  );
  form.before(notice);
}

for (const form of document.querySelectorAll('form[data-draft]')) draft(form);

// --- Files. While one is on its way, one sees how far it is.

function upload(form) {
  const input = form.querySelector('input[type="file"]');
  const state = form.querySelector('[data-state]');
  form.addEventListener('submit', (event) => {
    const [file] = input.files;
    if (!file || event.defaultPrevented) return;
    event.preventDefault();
    const bar = document.createElement('progress');
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute('aria-label', form.dataset.sending);
    state.replaceChildren(`${form.dataset.sending} ${file.name}`);
    state.after(bar);
    const request = new XMLHttpRequest();
    request.open('PUT', `${form.dataset.upload}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('accept-language', lang);
    request.upload.addEventListener('progress', ({ loaded, total }) => { if (total) bar.value = loaded / total; });
    const fail = (text) => {
      bar.remove();
      delete form.dataset.sent;
      state.textContent = `${form.dataset.failed} ${text}`;
    };
    request.addEventListener('load', () => {
      if (request.status === 200) {
        const there = new URL(form.dataset.there, location.href);
        there.searchParams.set('saved', '1');
        location.assign(there);
        return;
      }
      let text = String(request.status);
      try {
        text = JSON.parse(request.responseText).errors[0].message;
      } catch {
        // The number says it.
      }
      fail(text);
    });
    request.addEventListener('error', () => fail(''));
    request.send(file);
  });
}

for (const form of document.querySelectorAll('form[data-upload]')) upload(form);
