// node build.mjs: the one file that is served. node build.mjs --tests: the tests, bundled for node's runner.
import { readFile, readdir, rm } from "node:fs/promises";
import { build, transform } from "esbuild";

const TARGET = ["chrome111", "firefox115", "safari16.4"];

/** Style sheets are text in the bundle, so they are made small here. */
const smallCss = {
  name: "small-css",
  setup(run) {
    run.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code.trim().replace(/(--[\w-]+): /g, "$1:"), loader: "text" };
    });
  },
};

const shared = { bundle: true, charset: "utf8", legalComments: "none", plugins: [smallCss], logLevel: "warning" };

if (process.argv.includes("--tests")) {
  await rm(".test", { recursive: true, force: true });
  const names = (await readdir("test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...shared,
    entryPoints: names.map((name) => `test/${name}`),
    outdir: ".test",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
  });
} else {
  await build({
    ...shared,
    entryPoints: ["src/loader.ts"],
    outfile: "../src/handled/web/pages/static/widget-v1.js",
    format: "iife",
    target: TARGET,
    minify: true,
  });
}
