// Runs before the page is drawn, so that it does not flash in the other colours.
(() => {
  const NAME = 'ondine.theme';
  const root = document.documentElement;
  const chosen = () => ['light', 'dark'].includes(localStorage.getItem(NAME)) ? localStorage.getItem(NAME) : 'auto';
  root.dataset.theme = chosen();
  addEventListener('DOMContentLoaded', () => {
    const choice = document.getElementById('theme');
    choice.value = chosen();
    choice.addEventListener('change', () => {
      localStorage.setItem(NAME, choice.value);
      root.dataset.theme = choice.value;
    });
  });
})();
