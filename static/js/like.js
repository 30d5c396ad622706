// <wb-like>: a form with one button. It is sent in the background; if that fails, it is sent the ordinary way.
const number = new Intl.NumberFormat(document.documentElement.lang || 'nl');

export class Like extends HTMLElement {
  connectedCallback() {
    this.querySelector('form')?.addEventListener('submit', event => this.send(event));
  }

  async send(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector('button');
    if (button.hasAttribute('aria-busy')) return;
    button.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(form.action, {method: 'POST', body: new FormData(form), headers: {Accept: 'application/json'}});
      if (!answer.ok) throw new Error(answer.status);
      this.show(button, await answer.json());
    } catch {
      form.submit();
    } finally {
      button.removeAttribute('aria-busy');
    }
  }

  show(button, {liked, likes}) {
    button.setAttribute('aria-pressed', liked);
    this.querySelector('[name=liked]').value = liked ? 'no' : 'yes';
    for (const count of this.querySelectorAll('[data-count]')) count.textContent = number.format(likes);
  }
}
