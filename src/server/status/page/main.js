// Wires the page: who may see it, the one stream of pictures, and what is drawn from each.
import { updateChains } from "./chains.js";
import { makeConnect, offerAgents } from "./connect.js";
import { find, write } from "./draw.js";
import { longTime, timeOfDay } from "./format.js";
import { addRequests, makeRequests, showRunning } from "./requests.js";
import { signIn, signOut } from "./session.js";
import { makeTiles, summary } from "./tiles.js";

const RELOADS = { swapped: "reloaded", rejected: "reload failed, last good one kept", unchanged: "checked, unchanged" };
/** Silence after which the figures are called old. */
const OLD_MS = 4000;

const updateTiles = makeTiles();
const door = document.body.dataset.door;
let rowsSeen = -1;
let heardAt = 0;

makeRequests();
makeConnect();
find("#sign-out").addEventListener("click", signOut);
setInterval(showAge, 1000);
start();

async function start() {
  if (door === "token" || door === "password") await signIn(door);
  document.body.dataset.view = "board";
  find("#sign-out").hidden = door === "open";
  watch();
}

function watch() {
  const stream = new EventSource("/status/events");
  stream.addEventListener("message", ({ data }) => showPicture(JSON.parse(data)));
  stream.addEventListener("error", () => {
    rowsSeen = -1;
    showAge();
    // Closed for good: refused, and the browser does not try again.
    if (stream.readyState === EventSource.CLOSED) setTimeout(again, 1000);
  });
}

/** Either the session is over, or the gateway is away; the page itself knows which. */
async function again() {
  const answer = await fetch("/status.json", { method: "HEAD" }).catch(() => null);
  if (answer?.status === 401) location.reload();
  else watch();
}

function showPicture(picture) {
  heardAt = performance.now();
  const fresh = rowsSeen < 0 || picture.rowsBefore !== rowsSeen;
  rowsSeen = picture.rowsUntil;
  document.body.classList.remove("loading");
  updateTiles(picture.gauges);
  updateChains(picture.chains);
  offerAgents(picture.chains);
  addRequests(picture.rows, { fresh });
  showRunning(picture.running);
  showHead(picture);
  showAge();
}

function showHead({ version, uptimeMs, workers, revision, reloaded, leaving, loopDelayMs, ...picture }) {
  write(find("#version"), version);
  const many = workers === undefined ? "" : `, ${workers.serving} of ${workers.wanted} workers`;
  write(find("#uptime"), `${longTime(uptimeMs)}${many}`);
  write(find("#revision"), revision.slice(0, 12));
  find("#revision").title = revision;
  const reload = find("#reload");
  reload.dataset.tone = reloaded?.result === "rejected" ? "bad" : "";
  const complaints = reloaded?.complaints > 0 ? `, complaints: ${reloaded.complaints}` : "";
  write(
    reload,
    reloaded === null ? "as started" : `${RELOADS[reloaded.result]} ${timeOfDay(reloaded.wall)}${complaints}`,
  );
  const loop = find("#loop");
  write(loop, `${loopDelayMs} ms`);
  loop.dataset.tone = loopDelayMs > 200 ? "bad" : "";
  find("#leaving").hidden = !leaving;
  const out = picture.chains
    .flatMap(({ links }) => links)
    .filter(({ state }) => state !== "ready" && state !== "unavailable");
  const { errors } = picture.gauges;
  const mood = errors.now >= 0.05 ? "bad" : out.length > 0 || errors.now > 0 ? "warn" : "ok";
  document.body.dataset.mood = mood;
  const told = summary(picture);
  find("#mark").setAttribute("aria-label", told);
  document.title = `${{ ok: "", warn: "◐ ", bad: "● " }[mood]}openclaw-edge · ${told}`;
}

/** The figures are live, or as old as is said. */
function showAge() {
  const age = performance.now() - heardAt;
  const isOld = heardAt === 0 || age > OLD_MS;
  const live = find("#live");
  document.body.classList.toggle("old", isOld && heardAt > 0);
  live.dataset.tone = isOld ? "bad" : "ok";
  write(live.lastElementChild, heardAt === 0 ? "connecting" : isOld ? `no news for ${longTime(age)}` : "live");
}
