// What makes the bundle start quickly and small. The code is that of the source and of the packages; only what nobody asks for stays away.

/**
 * Packages whose index runs all of them, and what we use. Undici's brings a mock of itself, `fetch` and WebSockets; prom-client's a client for
 * push gateways with TLS, and workers.
 */
const PARTS = {
  undici: `
    import api from "undici/lib/api/index.js";
    import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
    export { default as Client } from "undici/lib/dispatcher/client.js";
    export { default as Pool } from "undici/lib/dispatcher/pool.js";
    export { default as buildConnector } from "undici/lib/core/connect.js";
    Object.assign(Dispatcher.prototype, api);`,
  "prom-client": `
    export { default as Gauge } from "prom-client/lib/gauge.js";
    export { default as Registry } from "prom-client/lib/registry.js";`,
};
/** Parts of those that are never reached: no connection of ours speaks HTTP/2 (`allowH2: false`). */
const UNREACHED = /undici\/lib\/dispatcher\/client-h2\.js$/;

/** Takes of some packages what we use of them. A name that is not listed fails the build. */
export function partsOfPackages() {
  return {
    name: "parts-of-packages",
    resolveId: (source) => (source in PARTS ? `\0${source}` : null),
    load(id) {
      if (UNREACHED.test(id))
        return `module.exports = () => { throw new Error("left out of the bundle: ${id.split("/").at(-1)}"); };`;
      return PARTS[id.slice(1)] ?? null;
    },
  };
}

/**
 * Node's own modules are looked up where the source imports them: an ES import of one asks it for all that it exports, and much of that is
 * lazy. `node:http` alone brings a second HTTP client, `node:util` a pool of workers.
 */
export function builtinsByLookUp() {
  const statement = /^import (?<what>[^"]+) from "(?<module>node:[\w/]+)";$/gm;
  return {
    name: "builtins-by-look-up",
    renderChunk(code) {
      const looked = code.replace(statement, (...args) => {
        const { what, module } = args.at(-1);
        const [, whole, named] = /^(?:\* as )?([\w$]+)?(?:, )?(\{.*\})?$/.exec(what);
        const names = [whole, named?.replaceAll(" as ", ": ")].filter((name) => name !== undefined);
        return names.map((name) => `const ${name} = process.getBuiltinModule("${module}");`).join(" ");
      });
      const missed = /^(?:import|export)\b.*from "node:.*$/m.exec(looked);
      if (missed !== null) throw new Error(`a builtin is still imported: ${missed[0]}`);
      // Its lines stay where they were.
      return { code: looked, map: null };
    },
  };
}

/** One sign beyond Latin-1 makes V8 keep the whole text with two bytes a sign. Minified code has such signs in strings and patterns only. */
export function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
