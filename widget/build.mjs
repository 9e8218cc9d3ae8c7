// node build.mjs: the one file that is served, and the words of the other languages beside it.
// node build.mjs --tests: the tests, bundled for node's runner.
import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";
import { minify } from "terser";

const TARGET = ["chrome111", "firefox115", "safari16.4"];
const STATIC = "../src/handled/web/pages/static";
const LANGUAGES = ["es", "de", "fr"];

/** Names that are ours alone: never on the wire, in storage, in the page's hands or the browser's. */
const OURS =
  "phase problem thread proposals broken skewMs unspoken seen followed tool shown anchor busy changing client store stop " +
  "storageKey awaiting turnstile changed draft deps build composer pin follow jump beat emit finished attempts around " +
  "resend restart wishing rated asked news hint wish askForPerson appear disappear present rate";

const english = JSON.parse(await readFile("texts/en.json", "utf8"));
const names = Object.keys(english);
const spoken = await Promise.all(
  LANGUAGES.map(async (code) => {
    const words = JSON.parse(await readFile(`texts/${code}.json`, "utf8"));
    return names.map((name) => words[name]);
  }),
);
const edition = createHash("sha256").update(JSON.stringify([names, spoken])).digest("hex").slice(0, 6);

const CLASSES = /\.([a-z]+)\b/g;
// Said by the server, or looked for by their names.
const KEPT = /^(agent|customer|staff|system|pending|executed|cancel|over|given|rated|soon|still|person|rating|row)$/;
const sheet = (await readFile("src/widget.css", "utf8")).replace(/\/\*.*?\*\//gs, "");
const classes = [...new Set(Array.from(sheet.matchAll(CLASSES), ([, name]) => name))].filter((each) => !KEPT.test(each));
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const short = (name) => {
  const at = classes.indexOf(name);
  return at < 0 ? name : at < 26 ? LETTERS[at] : `${LETTERS[at % 26]}${Math.floor(at / 26)}`;
};

/** Custom properties of our own; --handled-… are the page's. */
const OWN = "accent on-accent ink surface text good bad soft line edge muted round".split(" ");
const shortOwn = (text) => text.replace(/--([a-z-]+)\b/g, (all, name) => {
  const at = OWN.indexOf(name);
  return at < 0 ? all : `--${LETTERS[at]}`;
});

/** Style sheets are text in the bundle, so they are made small here. */
const smallCss = {
  name: "small-css",
  setup(run) {
    run.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = (await readFile(path, "utf8")).replace(CLASSES, (_, name) => `.${short(name)}`);
      const { code } = await transform(source, { loader: "css", minify: true, target: TARGET });
      return { contents: shortOwn(code).trim().replace(/(--[\w-]+): /g, "$1:"), loader: "text" };
    });
  },
};

/** Texts are a list in the bundle, its first the edition: names that only we read cost too much. */
const listedTexts = {
  name: "listed-texts",
  setup(run) {
    run.onLoad({ filter: /texts\/en\.json$/ }, () => {
      const lines = JSON.stringify([edition, ...Object.values(english)].join("\n"));
      return { contents: `export default ${lines}.split("\\n")`, loader: "js" };
    });
    run.onLoad({ filter: /src\/[^/]+\.ts$/ }, async ({ path }) => {
      const place = (_, name) => `texts[${name === "edition" ? 0 : names.indexOf(name) + 1}]`;
      const source = await readFile(path, "utf8");
      // What `h` takes: a tag and its classes, in quotes.
      const named = source.replace(/(?<=["`][a-z0-9]*)(\.[a-z]+)+(?=\.?["`$])/g, (all) =>
        all.replace(CLASSES, (_, name) => `.${short(name)}`),
      );
      return { contents: shortOwn(named).replace(/(?<!\/)\btexts\.(\w+)\b/g, place), loader: "ts" };
    });
  },
};

const shared = {
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  plugins: [smallCss, listedTexts],
  logLevel: "warning",
};

if (process.argv.includes("--tests")) {
  await rm(".test", { recursive: true, force: true });
  const tests = (await readdir("test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...shared,
    entryPoints: tests.map((name) => `test/${name}`),
    outdir: ".test",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
  });
} else {
  const bundled = await build({
    ...shared,
    entryPoints: ["src/loader.ts"],
    write: false,
    format: "esm",
    target: TARGET,
    minifySyntax: true,
  });
  const { code } = await minify(bundled.outputFiles[0].text, {
    ecma: 2022,
    module: true,
    compress: {
      passes: 4,
      unsafe: true,
      unsafe_arrows: true,
      unsafe_comps: true,
      pure_getters: true,
      lhs_constants: false,
    },
    mangle: { properties: { builtins: true, regex: new RegExp(`^(${OURS.replaceAll(" ", "|")})$`) } },
  });
  await writeFile(`${STATIC}/widget-v1.js`, `(()=>{${code}})();\n`);
  await Promise.all(
    LANGUAGES.map((code, at) =>
      writeFile(`${STATIC}/widget-v1.${code}.json`, `${JSON.stringify([edition, ...spoken[at]])}\n`),
    ),
  );
}
