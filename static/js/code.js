// <wb-code>: the field for the stemcode. It is written in groups of four while it is typed, checked before it is sent, and
// taken from the QR code of the letter, which has it after the # of the address: what stands there is never sent to a server.
import {LENGTH, grouped, isCode, symbols} from './check.js';

export class Code extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input');
    this.field = this.input.closest('.wb-field');
    this.form = this.closest('form');
    this.sentence = this.querySelector('template').content.querySelector('[data-sentence]').textContent;
    this.input.addEventListener('input', event => this.typed(event));
    this.form.addEventListener('submit', event => this.sent(event));
    window.addEventListener('hashchange', () => this.scanned());
    this.scanned();
  }

  get code() {
    return symbols(this.input.value);
  }

  typed({inputType = '', isComposing}) {
    if (isComposing) return;
    this.write(inputType === 'deleteContentBackward');
    this.judge();
  }

  // The caret stays behind the symbol that it was behind; a dash never stops a key that takes away.
  write(isBackward) {
    const {value, selectionStart} = this.input;
    const before = symbols(value.slice(0, selectionStart));
    const text = grouped(symbols(value));
    if (text === value) return;
    this.input.value = text;
    const dash = !isBackward && before.length % 4 === 0 && before.length < symbols(text).length;
    const place = grouped(before).length + (dash && before ? 1 : 0);
    this.input.setSelectionRange(place, place);
  }

  judge() {
    const {code} = this;
    this.show(code.length >= LENGTH && !isCode(code));
  }

  sent(event) {
    const {code} = this;
    if (!code || isCode(code)) return; // an empty field is for the server to ask about
    event.preventDefault();
    this.show(true);
    this.input.focus();
  }

  show(isWrong) {
    const shown = this.querySelector('#code-error');
    if (isWrong === Boolean(shown)) return;
    shown?.remove();
    const hint = this.querySelector('.wb-hint');
    if (isWrong) hint.after(this.querySelector('template').content.cloneNode(true));
    this.field.classList.toggle('is-invalid', isWrong);
    this.input.classList.toggle('utrecht-textbox--invalid', isWrong);
    this.input.setAttribute('aria-describedby', isWrong ? `${hint.id} code-error` : hint.id);
    if (isWrong) this.input.setAttribute('aria-invalid', 'true');
    else this.input.removeAttribute('aria-invalid');
    this.querySelector('[role=status]').textContent = isWrong ? this.sentence : '';
  }

  scanned() {
    let code = '';
    try {
      code = symbols(decodeURIComponent(location.hash.slice(1)));
    } catch { /* no code of ours */ }
    if (code.length !== LENGTH) return; // a link within the page
    history.replaceState(history.state, '', location.pathname + location.search);
    this.input.value = grouped(code);
    this.judge();
    (isCode(code) ? this.form.querySelector('button') : this.input).focus();
  }
}
