// Bundles the page: `node build.js FOLDER` writes FOLDER/report.js and FOLDER/report.css, with the packages
// of FOLDER/node_modules.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.resolve(process.argv[2] ?? "node_modules/..");
const here = path.dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(path.join(folder, "package.json"))("esbuild");

const common = {
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  nodePaths: [path.join(folder, "node_modules")],
};

await build({
  ...common,
  entryPoints: [path.join(here, "src/main.js")],
  outfile: path.join(folder, "report.js"),
  format: "iife",
  target: ["chrome90", "firefox90", "safari15"],
  banner: {
    js: "/* spotmix, Apache-2.0. With Apache ECharts (Apache-2.0), zrender (BSD-3-Clause), tslib (0BSD) and fflate (MIT). */",
  },
});

await build({
  ...common,
  entryPoints: [path.join(here, "src/style/report.css")],
  outfile: path.join(folder, "report.css"),
  target: ["chrome90", "firefox90", "safari15"],
});
