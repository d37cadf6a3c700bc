/** Fills the screen from the presenter view, where the browser can; others never see the button. */
const button = document.querySelector<HTMLButtonElement>('#full-screen');
if (button !== null && document.fullscreenEnabled) {
  button.hidden = false;
  button.addEventListener('click', () => void document.documentElement.requestFullscreen());
  document.addEventListener('fullscreenchange', () => {
    button.hidden = document.fullscreenElement !== null;
  });
}
