// <wb-ranking>: plans in an order. A card moves between the list of the order and the list of the other plans.
import {Ballot, fill} from './ballot.js';

const button = (card, deed) => card.querySelector(`[value^="${deed}:"]`);

export class Ranking extends Ballot {
  get order() {
    return this.querySelector('ol.wb-ballot');
  }

  get others() {
    return this.querySelector('ul.wb-ballot');
  }

  get rows() {
    return [...this.order.children].map((card, index) => ({card, amount: index + 1}));
  }

  get used() {
    return this.order.children.length;
  }

  show() {
    super.show();
    const {rows, used} = this;
    const isFull = used >= Number(this.dataset.whole);
    // A browser that remembers a form may bring back what was disabled; where the card lies is what counts.
    for (const plan of this.querySelectorAll('[name=plan]')) plan.disabled = !this.order.contains(plan);
    for (const {card, amount} of rows) {
      button(card, 'up').ariaDisabled = amount === 1;
      button(card, 'down').ariaDisabled = amount === used;
    }
    this.put('next', fill(this.dataset.place, used + 1));
    this.others.classList.toggle('is-full', isFull);
    this.querySelector('[data-full]').hidden = !isFull;
  }

  on(card) {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    this.place(card, this.order, null);
    const stays = next && !this.others.classList.contains('is-full');
    this.focusOn(stays ? button(next, 'on') : button(card, 'off'));
    this.tell(card);
  }

  off(card) {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    this.empty(card);
    this.show();
    this.focusOn(next ? button(next, 'off') : button(card, 'on'));
    this.say(fill(this.dataset.removed, card.dataset.title));
  }

  up(card, pressed) {
    this.move(card, card.previousElementSibling, pressed);
  }

  down(card, pressed) {
    this.move(card, card.nextElementSibling.nextElementSibling, pressed);
  }

  move(card, before, pressed) {
    this.place(card, this.order, before);
    this.focusOn(pressed); // a card that moves loses the focus
    this.tell(card);
  }

  empty(card) {
    this.place(card, this.others, this.others.firstChild);
  }

  place(card, list, before) {
    list.insertBefore(card, before);
    card.classList.toggle('is-on', list === this.order);
    this.show();
  }

  focusOn(target) {
    target.focus({preventScroll: true});
    target.scrollIntoView({block: 'nearest'});
  }

  tell(card) {
    this.say(fill(this.dataset.placed, card.dataset.title, [...this.order.children].indexOf(card) + 1));
  }
}
