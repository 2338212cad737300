// What stands in a form, and the copy of it that this browser keeps: one for each account, record and opened form,
// so that two tabs never write over each other. Never a password.
window.eplan = window.eplan || {};
window.eplan.typing = (() => {
  const PREFIX = "typing|";
  const LONGEST = 30 * 24 * 3600 * 1000;
  const LEFT_OUT = ["hidden", "password", "file", "submit", "button", "reset", "fieldset"];
  const account = document.body.dataset.account || "";

  const fieldsOf = (form) => Array.from(form.elements).filter((field) => field.name && !LEFT_OUT.includes(field.type));
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  // Commas come and go in an amount of money when its field is left: that is not typing.
  const plain = (field, value) => (field.dataset.money === undefined ? value : value.replaceAll(",", ""));

  const pairs = (form, isChecked, valueOf) =>
    fieldsOf(form)
      .filter((field) => !isChoice(field) || isChecked(field))
      .map((field) => [field.name, plain(field, isChoice(field) ? field.value : valueOf(field))]);

  // As [name, value] pairs in the order of the page: what stands now, and what the server sent.
  const read = (form) => pairs(form, (field) => field.checked, (field) => field.value);
  const sent = (form) =>
    pairs(
      form,
      (field) => field.defaultChecked,
      (field) => {
        if (field.tagName !== "SELECT") return field.defaultValue;
        const options = Array.from(field.options);
        return (options.find((option) => option.defaultSelected) || options[0] || field).value;
      },
    );
  const same = (some, others) => JSON.stringify(some) === JSON.stringify(others);
  const byName = (fields) => {
    const values = new Map();
    fields.forEach(([name, value]) => values.set(name, [...(values.get(name) || []), value]));
    return values;
  };

  // What a copy holds: of what the server sent only that which was changed, so that it never brings back what somebody
  // else has changed since; all of it where the server sent back what was typed. A name without a value has "".
  const typed = (form) => {
    const [now, before] = [byName(read(form)), byName(sent(form))];
    return Array.from(new Set(fieldsOf(form).map((field) => field.name)))
      .filter((name) => form.dataset.keepTyped || !same(now.get(name), before.get(name)))
      .flatMap((name) => (now.get(name) || [""]).map((value) => [name, value]));
  };
  // Whether a form says already what a copy of it holds.
  const says = (form, fields) => {
    const now = byName(read(form));
    return Array.from(byName(fields)).every(([name, values]) => same(now.get(name) || [""], values));
  };

  const fill = (form, fields) => {
    const values = byName(fields);
    fieldsOf(form).forEach((field) => {
      const of = values.get(field.name);
      if (!of) return;
      if (isChoice(field)) field.checked = of.includes(field.value);
      else if (field.tagName === "SELECT") {
        if (Array.from(field.options).some((option) => option.value === of[0])) field.value = of[0];
      } else if (of.length) field.value = of.shift();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // Storage may be full, forbidden or emptied by the browser: then nothing is kept, and nothing breaks.
  const attempt = (act, otherwise) => {
    try {
      return act();
    } catch {
      return otherwise;
    }
  };
  const keys = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)), []);
  const keyOf = (record, token) => `${PREFIX}${account}|${record}|${token}`;

  const keep = (record, token, version, fields) =>
    attempt(() => {
      localStorage.setItem(keyOf(record, token), JSON.stringify({ at: Date.now(), version, fields }));
      return true;
    }, false);
  const forget = (token) => keys().forEach((key) => key.endsWith(`|${token}`) && localStorage.removeItem(key));
  const forgetAccount = () => keys().forEach((key) => key.startsWith(`${PREFIX}${account}|`) && localStorage.removeItem(key));

  const copies = (record) =>
    keys()
      .filter((key) => key.startsWith(keyOf(record, "")))
      .map((key) => ({ token: key.split("|").pop(), ...attempt(() => JSON.parse(localStorage.getItem(key)), {}) }))
      .filter((copy) => Array.isArray(copy.fields));

  keys().forEach((key) => {
    const copy = attempt(() => JSON.parse(localStorage.getItem(key)), null);
    if (!copy || !(Date.now() - copy.at < LONGEST)) attempt(() => localStorage.removeItem(key));
  });

  return { account, read, sent, same, typed, says, fill, keep, forget, forgetAccount, copies, fieldsOf };
})();
