// Only enhances: every form and link works without this file.
import {Code} from './code.js';
import {Like} from './like.js';
import {Basket} from './basket.js';
import {Points} from './points.js';
import {Ranking} from './ranking.js';

document.documentElement.classList.replace('no-js', 'js');
customElements.define('wb-code', Code);
customElements.define('wb-like', Like);
customElements.define('wb-basket', Basket);
customElements.define('wb-points', Points);
customElements.define('wb-ranking', Ranking);

// Say at once what is wrong to who reads with the ears, and take the keyboard there.
document.getElementById('fouten')?.focus();

// A second press on "send" must not send twice; after a while it may, for an answer that is a file leaves the page standing.
const PATIENCE = 10000;
document.addEventListener('submit', event => {
  const {target: form, submitter} = event;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'yes';
  submitter?.setAttribute('aria-busy', 'true');
  setTimeout(() => free(form), PATIENCE);
});

// Who comes back with the browser's back button may send again too.
window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(free));

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
}

for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => window.print());
