// <wb-basket>: adds up the chosen plans as they are ticked. Amounts (data-cost, data-budget) are whole cents.
// The sentences come from the page (data-one, data-many, data-left, data-over, data-added, data-removed, data-remove); # is the gap.
const QUIET = 400; // milliseconds without a change before the total is said aloud

function euros(cents) {
  const whole = cents % 100 === 0;
  return new Intl.NumberFormat(document.documentElement.lang || 'nl', {
    style: 'currency', currency: 'EUR', minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: whole ? 0 : 2,
  }).format(cents / 100);
}

// A function as replacement, because a title may hold $& and the like.
const fill = (sentence, value) => sentence.replace('#', () => value);

export class Basket extends HTMLElement {
  connectedCallback() {
    this.addEventListener('change', event => {
      if (event.target.matches('[data-blank]') && event.target.checked) this.clear();
      if (event.target.matches('[data-cost],[data-blank]')) this.update(event.target);
    });
    this.addEventListener('click', event => {
      const button = event.target.closest('[data-remove-plan]');
      if (button) this.remove(button.dataset.removePlan);
    });
    this.update();
  }

  get chosen() {
    return [...this.querySelectorAll('[data-cost]:checked')];
  }

  clear() {
    for (const box of this.chosen) box.checked = false;
  }

  remove(id) {
    const box = document.getElementById(id);
    box.checked = false;
    this.update(box);
    box.focus({preventScroll: true});
  }

  update(changed) {
    const {chosen} = this;
    const blank = this.querySelector('[data-blank]');
    if (blank && chosen.length) blank.checked = false;
    const budget = Number(this.dataset.budget);
    const total = chosen.reduce((sum, box) => sum + Number(box.dataset.cost), 0);
    this.classList.toggle('is-over', total > budget);
    this.put('total', euros(total));
    this.put('count', chosen.length === 1 ? this.dataset.one : fill(this.dataset.many, chosen.length));
    this.put('left', this.room(budget - total));
    for (const bar of this.querySelectorAll('.wb-meter .f')) bar.setAttribute('width', `${Math.min(100, total / budget * 100)}%`);
    for (const text of this.querySelectorAll('[data-empty]')) text.hidden = chosen.length > 0;
    this.list(chosen);
    if (changed?.dataset.title) this.say(changed, this.room(budget - total));
  }

  room(left) {
    return fill(left < 0 ? this.dataset.over : this.dataset.left, euros(Math.abs(left)));
  }

  put(name, text) {
    for (const place of this.querySelectorAll(`[data-out=${name}]`)) place.textContent = text;
  }

  list(chosen) {
    const row = this.querySelector('template');
    this.querySelector('[data-out=list]')?.replaceChildren(...chosen.map(box => {
      const item = document.createElement('li');
      item.append(row.content.cloneNode(true));
      item.querySelector('[data-row-title]').textContent = box.dataset.title;
      item.querySelector('[data-row-cost]').textContent = euros(Number(box.dataset.cost));
      const button = item.querySelector('button');
      button.dataset.removePlan = box.id;
      button.querySelector('.wb-sr').textContent = fill(this.dataset.remove, box.dataset.title);
      return item;
    }));
  }

  say(box, room) {
    clearTimeout(this.timer);
    const deed = fill(this.dataset[box.checked ? 'added' : 'removed'], box.dataset.title);
    this.timer = setTimeout(() => { this.querySelector('[role=status]').textContent = `${deed} ${room}`; }, QUIET);
  }
}
