// <wb-basket>: plans to tick, as many as the money or a number allows, or one.
import {Ballot, euros, fill} from './ballot.js';

export class Basket extends Ballot {
  get rows() {
    const cards = [...this.querySelectorAll('[data-cost]')].filter(card => card.querySelector('input').checked);
    return cards.map(card => ({card, amount: euros(Number(card.dataset.cost))}));
  }

  get used() {
    return this.rows.reduce((sum, {card}) => sum + ('euros' in this.dataset ? Number(card.dataset.cost) : 1), 0);
  }

  empty(card) {
    card.querySelector('input').checked = false;
  }

  off(card) {
    const box = card.querySelector('input');
    this.empty(card);
    this.show();
    this.say(this.deed(card, box));
    box.focus({preventScroll: true});
  }

  deed(card, box) {
    return fill(this.dataset[box.checked ? 'added' : 'removed'], card.dataset.title);
  }
}
