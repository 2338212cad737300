// Keys of the review page. An element says which keys are its own: data-key="KeyJ ArrowRight". Keys are those of the
// keyboard's places, so that they work with the Thai layout too.
(() => {
  const typing = (element) => element.matches("input:not([type=checkbox]), select, textarea");

  const use = (element) => {
    if (element.matches("a, input")) element.click();
    else if (element.matches("summary")) {
      element.parentElement.open = true;
      (element.parentElement.querySelector("textarea") || element).focus();
    } else element.focus();
  };

  document.addEventListener("keydown", (event) => {
    const here = document.activeElement;
    if (event.key === "Escape" && typing(here)) here.blur();
    if (event.code === "Enter" && event.ctrlKey && here.matches("textarea")) here.form.requestSubmit();
    if (event.ctrlKey || event.altKey || event.metaKey || typing(here)) return;
    const wanted = document.querySelector(`[data-key~="${CSS.escape(event.code)}"]`);
    if (!wanted) return;
    event.preventDefault();
    use(wanted);
  });

  const current = document.querySelector(".review-list .current");
  if (current) current.scrollIntoView({ block: "nearest" });
})();
