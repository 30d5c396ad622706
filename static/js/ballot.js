// What the ballots share: they add up what is chosen while it changes, list it, and say in a status region what happened.
// The sentences come from the page (data-left, data-over, data-removed and so on); # is a gap. Amounts in euros are cents.
const QUIET = 400; // milliseconds without a change before it is said aloud

const language = document.documentElement.lang || 'nl';

export function euros(cents) {
  const whole = cents % 100 === 0;
  return new Intl.NumberFormat(language, {
    style: 'currency', currency: 'EUR', minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: whole ? 0 : 2,
  }).format(cents / 100);
}

const count = number => new Intl.NumberFormat(language).format(number);

// Split, not replaced: a title may hold # or $& and the like.
export const fill = (sentence, ...values) => sentence.split('#').reduce((text, part, index) => text + values[index - 1] + part);

export class Ballot extends HTMLElement {
  // A form of ballot has `rows`, [{card, amount}] of what is chosen, `used`, and a method for each deed of its buttons.
  connectedCallback() {
    this.addEventListener('click', event => {
      const button = event.target.closest('[name=step]');
      if (!button) return;
      event.preventDefault();
      const place = [...this.list.children].indexOf(button.closest('li'));
      const [deed, id] = button.value.split(':');
      if (button.ariaDisabled !== 'true') this[deed](document.getElementById(`card-${id}`), button);
      if (place >= 0) this.stayInList(place);
    });
    this.addEventListener('input', ({target}) => {
      if (target.matches('[data-blank]')) this.clear();
      this.show();
      const card = target.closest('[data-title]');
      if (card) this.say(this.deed(card, target));
    });
    window.addEventListener('pageshow', () => this.show()); // by then the browser has put back what was filled in
  }

  get list() {
    return this.querySelector('[data-out=list]');
  }

  get room() {
    const left = Number(this.dataset.whole) - this.used;
    return fill(left < 0 ? this.dataset.over : this.dataset.left, this.written(Math.abs(left)));
  }

  written(amount) {
    return 'euros' in this.dataset ? euros(amount) : count(amount);
  }

  clear() {
    for (const {card} of this.rows) this.empty(card);
  }

  show() {
    const {rows, used} = this;
    const whole = Number(this.dataset.whole);
    const blank = this.querySelector('[data-blank]');
    if (rows.length) blank.checked = false;
    this.classList.toggle('is-over', used > whole);
    this.put('used', this.written(used));
    this.put('count', rows.length === 1 ? this.dataset.one : fill(this.dataset.many, rows.length));
    this.put('left', this.room);
    for (const bar of this.querySelectorAll('.wb-meter .f')) bar.setAttribute('width', `${Math.min(100, used / whole * 100)}%`);
    for (const text of this.querySelectorAll('[data-empty]')) {
      text.hidden = rows.length > 0;
      text.textContent = blank.checked ? text.dataset.blankly : text.dataset.empty;
    }
    this.list.replaceChildren(...rows.map(row => this.line(row)));
  }

  // Who takes plans off the list goes on there, with the next one, or with the button below it.
  stayInList(place) {
    const buttons = this.list.querySelectorAll('button');
    (buttons[Math.min(place, buttons.length - 1)] ?? this.list.parentElement.querySelector('.utrecht-button')).focus();
  }

  line({card, amount}) {
    const line = this.querySelector('template').content.cloneNode(true);
    line.querySelector('[data-row-title]').textContent = card.dataset.title;
    line.querySelector('[data-row-amount]').textContent = amount;
    line.querySelector('button').value = `off:${card.id.slice('card-'.length)}`;
    line.querySelector('.wb-sr').textContent = fill(this.dataset.remove, card.dataset.title);
    return line;
  }

  put(name, text) {
    for (const place of this.querySelectorAll(`[data-out=${name}]`)) place.textContent = text;
  }

  say(deed) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.querySelector('[role=status]').textContent = `${deed} ${this.room}`; }, QUIET);
  }
}
