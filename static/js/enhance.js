// Runs before the first paint: style sheets may hide, where scripts run, what only serves without them.
document.documentElement.classList.add("js");
