// Builds static/src into static/dist (ignored by git): npm run build
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const src = path.join(here, "src");
const dist = path.join(here, "dist");
const modules = path.join(here, "..", "node_modules");

/** Only tabler.scss is Sass: it picks the parts of the kit that we use. */
const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, async ({ path: file }) => {
      const { css } = await sass.compileAsync(file, {
        loadPaths: [modules],
        quietDeps: true,
        silenceDeprecations: ["import"],
      });
      // Tabler's own build prefixes its custom properties so, and ours set them by these names.
      const contents = css.replace(/(?<![\w-])--(?=[a-zA-Z])/g, "--tblr-");
      return { contents, loader: "css" };
    });
  },
};

async function bundle() {
  const common = {
    bundle: true,
    minify: true,
    target: ["chrome123", "firefox120", "safari17.5"],
    outdir: dist,
    logLevel: "warning",
    plugins: [scss],
    loader: { ".woff2": "file", ".svg": "text" },
    assetNames: "fonts/[name]",
  };
  await esbuild.build({
    ...common,
    entryPoints: ["portal", "select", "pdf", "styleguide", "admin"].map((n) => path.join(src, "css", `${n}.css`)),
  });
  await esbuild.build({
    ...common,
    entryPoints: ["portal", "charts", "select"].map((n) => path.join(src, "js", `${n}.js`)),
    format: "iife",
  });
}

/** One sprite of the icons named in src/icons/names.txt, each a <symbol> with the icon's name. */
async function sprite() {
  const list = await readFile(path.join(src, "icons", "names.txt"), "utf8");
  const names = list.split("\n").map((n) => n.trim()).filter((n) => n && !n.startsWith("#"));
  const symbols = await Promise.all(names.map(symbol));
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  await writeFile(path.join(dist, "icons.svg"), sheet);
}

async function symbol(name) {
  const file = path.join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`);
  const svg = await readFile(file, "utf8");
  const body = svg
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
    .replace("</svg>", "")
    .replace(/<path stroke="none"[^>]*>/, "")
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
}

async function digest() {
  const files = ["portal.css", "portal.js", "charts.js", "select.js", "select.css", "icons.svg"];
  for (const file of files) {
    const bytes = await readFile(path.join(dist, file));
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
    console.log(`${file.padEnd(12)} ${String(Math.ceil(bytes.length / 1024)).padStart(5)} KB  ${hash}`);
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await bundle();
await sprite();
await copyFile(path.join(src, "icons", "favicon.svg"), path.join(dist, "favicon.svg"));
await digest();
