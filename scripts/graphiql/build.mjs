// Bundles the page into api/assets/graphiql, with the licence of every package that went in.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

const here = import.meta.dirname;
const out = resolve(here, "../../api/assets/graphiql");
// The licences that deny.toml allows for code.
const ALLOWED = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD"];

/** The fonts that come with GraphiQL are left out: they are large, and the fonts of the system do. */
const withoutFonts = {
  name: "without-fonts",
  setup(build) {
    build.onLoad({ filter: /node_modules.*\.css$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replace(/@font-face\s*\{[^}]*\}/g, ""), loader: "css" };
    });
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["page.jsx"],
  outdir: out,
  bundle: true,
  format: "iife",
  minify: true,
  target: "es2022",
  jsx: "automatic",
  charset: "utf8",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  plugins: [withoutFonts],
});
await copyFile(join(here, "index.html"), join(out, "index.html"));

const folders = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  if (found) folders.add(found[1]);
}
const parts = [];
for (const folder of [...folders].sort()) {
  const { name, version, license } = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"));
  const choices = (license ?? "").replace(/[()]/g, "").split(" OR ");
  if (!choices.some((choice) => ALLOWED.includes(choice))) throw new Error(`${name}: licence ${license}`);
  const files = (await readdir(join(here, folder))).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(here, folder, file), "utf8")));
  const text = texts.map((text) => text.replace(/\r\n/g, "\n").trim()).join("\n\n");
  parts.push(`${name} ${version}\nLicence: ${license}\n\n${text || "(The package comes without a licence file.)"}\n`);
}
if (parts.length === 0) throw new Error("no package went in");
const head = "The packages in page.js and page.css, with their licences.\n";
await writeFile(join(out, "LICENSES.txt"), [head, ...parts].join(`\n${"-".repeat(80)}\n\n`));
console.log(`${parts.length} packages in ${out}`);
