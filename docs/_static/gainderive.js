"use strict";

// A button that unfolds all steps of a derivation, or folds them; a page that is printed shows them all.
document.addEventListener("DOMContentLoaded", () => {
  const steps = [...document.querySelectorAll("details.step")];
  if (steps.length === 0) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "unfold-all";
  const label = () => {
    button.textContent = steps.every((step) => step.open) ? "Fold all steps" : "Unfold all steps";
  };
  button.addEventListener("click", () => {
    const open = !steps.every((step) => step.open);
    for (const step of steps) step.open = open;
  });
  for (const step of steps) step.addEventListener("toggle", label);
  label();
  steps[0].before(button);
  window.addEventListener("beforeprint", () => {
    for (const step of steps) step.open = true;
  });
});
