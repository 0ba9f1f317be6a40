// A group of buttons with one stop for the Tab key: the arrow keys, Home and End move within it.

export function roving(buttons, onMove = () => {}) {
  const stop = (chosen) => {
    for (const button of buttons) button.tabIndex = button === chosen ? 0 : -1;
  };
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  for (const [index, button] of buttons.entries()) {
    button.addEventListener("focus", () => stop(button));
    button.addEventListener("keydown", (event) => {
      const { key } = event;
      const to = key === "Home" ? 0 : key === "End" ? buttons.length - 1 : steps[key] && (index + steps[key] + buttons.length) % buttons.length;
      if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      buttons[to].focus();
      onMove(buttons[to]);
    });
  }
  stop(buttons[0]);
  return stop;
}

// Tabs and their panels: a tab is chosen when the focus comes to it by an arrow key.
export function tabs(list, onChoose = () => {}) {
  const buttons = [...list.querySelectorAll('[role="tab"]')];
  const choose = (chosen) => {
    for (const tab of buttons) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
    stop(chosen);
  };
  const pick = (tab) => {
    choose(tab);
    onChoose(tab);
  };
  const stop = roving(buttons, pick);
  for (const tab of buttons) tab.addEventListener("click", () => pick(tab));
  return choose;
}
