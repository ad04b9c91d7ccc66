// Tells of each id in the field what the page's own data say of it.
const field = document.getElementById("ids");
if (field) {
  const known = JSON.parse(document.getElementById("known").textContent);
  const byName = new Map(Object.entries(known).map(([id, said]) => [id.toLowerCase(), said]));
  const told = document.getElementById("told");
  const find = (id) => byName.get(id.toLowerCase()) || byName.get(id.toLowerCase().split("/").pop());
  const tell = (id) => {
    const item = document.createElement("li");
    const [end, instead, page] = find(id) || [`${id} is unknown here, which is not the same as safe.`, "", ""];
    item.append(`${end} ${instead} `);
    if (page) {
      const link = document.createElement("a");
      Object.assign(link, { href: page, rel: "noreferrer", textContent: "source" });
      item.append(link);
    }
    return item;
  };
  const show = () => {
    const ids = [...new Set(field.value.split(/[\s,;"'`]+/).filter(Boolean))].slice(0, 100);
    told.replaceChildren(...ids.map(tell));
    history.replaceState(null, "", ids.length ? `#models=${encodeURIComponent(ids.join(","))}` : location.pathname);
  };
  const linked = new URLSearchParams(location.hash.slice(1)).get("models");
  if (linked) { field.value = linked.replaceAll(",", "\n"); show(); }
  field.addEventListener("input", show);
}
