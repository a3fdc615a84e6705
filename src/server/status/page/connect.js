// How to point a client here: texts to copy, with this page's own address and one of the configured agents.
import { el, find, write } from "./draw.js";

/** The variable that holds the credential; empty where there is none, and libraries want some text all the same. */
const KEY = document.body.dataset.key;
const orNone = (text) => (KEY === "" ? "none" : text);
const codeOrNone = (code) => (KEY === "" ? '"none"' : code);

/** There, a loopback address is the container itself. */
const IN_CONTAINER = /^(localhost$|127\.|\[)/.test(location.hostname)
  ? "\n# a container reaches this machine as host.docker.internal, where gateway.bind lets it in"
  : "";

/** The clients; `base` ends in `/v1`. */
const CLIENTS = {
  curl: ({ base, model }) => `curl ${base}/chat/completions \\
${KEY === "" ? "" : `  -H "Authorization: Bearer $${KEY}" \\\n`}  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "stream": true,
       "messages": [{"role": "user", "content": "Hello"}]}'`,
  "openai js": ({ base, model }) => `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${base}",
  apiKey: ${codeOrNone(`process.env.${KEY}`)},
});

const stream = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello" }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}`,
  "openai python": ({ base, model }) => `${KEY === "" ? "" : "import os\n"}from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key=${codeOrNone(`os.environ["${KEY}"]`)},
)

stream = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`,
  "Open WebUI": ({ base }) => `# environment of the container${IN_CONTAINER}
OPENAI_API_BASE_URL=${base}
OPENAI_API_KEY=${orNone(`$${KEY}`)}
ENABLE_OLLAMA_API=false
ENABLE_PERSISTENT_CONFIG=false`,
  LibreChat: ({ base, model }) => `# librechat.yaml${IN_CONTAINER}
version: 1.3.17
endpoints:
  custom:
    - name: "openclaw-edge"
      apiKey: "${orNone(`\${${KEY}}`)}"
      baseURL: "${base}"
      models:
        default: ["${model}"]
        fetch: true
      titleConvo: true
      titleModel: "current_model"`,
};

let chosen = "curl";
let model = "openclaw";

/** Makes tabs and the copy button work. */
export function makeConnect() {
  const tabs = Object.keys(CLIENTS).map((name) => el("button", { type: "button", role: "tab", id: tabId(name) }, name));
  const choose = (index) => {
    chosen = Object.keys(CLIENTS)[index];
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === index));
      tab.setAttribute("aria-controls", "snippet");
      tab.tabIndex = at === index ? 0 : -1;
    });
    find("#snippet").setAttribute("aria-labelledby", tabId(chosen));
    showSnippet();
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => choose(index));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step === undefined) return;
      const next = (index + step + tabs.length) % tabs.length;
      choose(next);
      tabs[next].focus();
    });
  });
  find("#clients").append(...tabs);
  find("#agent").addEventListener("change", ({ target }) => {
    model = target.value;
    showSnippet();
  });
  find("#copy").addEventListener("click", copy);
  choose(0);
}

/** The agents that can be asked for. */
export function offerAgents(chains) {
  const usual = chains.some(({ isDefault }) => isDefault) ? ["openclaw"] : [];
  const names = [...usual, ...chains.map(({ agent }) => `openclaw/${agent}`)];
  const select = find("#agent");
  if ([...select.options].map(({ value }) => value).join() === names.join()) return;
  select.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
  if (!names.includes(model)) model = names[0] ?? model;
  select.value = model;
  showSnippet();
}

function tabId(name) {
  return `tab-${name.replaceAll(" ", "-")}`;
}

function showSnippet() {
  write(find("#code"), CLIENTS[chosen]({ base: `${location.origin}/v1`, model }));
}

async function copy() {
  const code = find("#code");
  const said = find("#copied");
  try {
    await navigator.clipboard.writeText(code.textContent);
    write(said, "copied");
  } catch {
    // Without TLS there is no clipboard: the text is selected, the rest is two keys.
    getSelection().selectAllChildren(code);
    write(said, "selected: press Ctrl+C");
  }
  setTimeout(() => write(said, ""), 2500);
}
