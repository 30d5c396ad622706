// <wb-points>: a number of points for each plan, typed or by the buttons beside it.
import {Ballot, fill} from './ballot.js';

const field = card => card.querySelector('input');
const typed = card => Number(field(card).value) || 0;
const pointsOf = card => Math.max(0, typed(card)); // what is typed below zero takes nothing from the others

export class Points extends Ballot {
  get cards() {
    return [...this.querySelectorAll('[data-title]')];
  }

  get rows() {
    return this.cards.filter(pointsOf).map(card => ({card, amount: pointsOf(card)}));
  }

  get used() {
    return this.cards.reduce((sum, card) => sum + pointsOf(card), 0);
  }

  show() {
    super.show();
    for (const card of this.cards) {
      const points = pointsOf(card);
      const most = Number(field(card).max);
      card.classList.toggle('is-on', points > 0);
      card.querySelector('[value^=less]').ariaDisabled = points <= 0;
      card.querySelector('[value^=more]').ariaDisabled = points >= most;
      field(card).ariaInvalid = !Number.isInteger(typed(card)) || typed(card) < 0 || points > most;
    }
  }

  more(card) {
    this.give(card, pointsOf(card) + 1);
  }

  less(card) {
    this.give(card, pointsOf(card) - 1);
  }

  off(card) {
    this.give(card, 0);
    field(card).focus({preventScroll: true});
  }

  empty(card) {
    field(card).value = '';
  }

  give(card, points) {
    field(card).value = points || ''; // what is typed in an empty field is the whole number
    this.show();
    this.say(this.deed(card));
  }

  deed(card) {
    return fill(this.dataset.points, card.dataset.title, pointsOf(card));
  }
}
