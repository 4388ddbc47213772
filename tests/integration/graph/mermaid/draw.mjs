// Draws each Mermaid diagram of the Markdown on standard input, as GitHub does, and prints the texts
// of its nodes, groups and edges as JSON. The first argument is the folder that contains Mermaid.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const find = createRequire(join(process.argv[2], "package.json"));
const load = async (name) => import(pathToFileURL(find.resolve(name)).href);
const { JSDOM } = await load("jsdom");
const { window } = new JSDOM("<body></body>", { pretendToBeVisual: true });
Object.assign(globalThis, { window, document: window.document });
for (const name of ["Element", "SVGElement", "HTMLElement", "Node", "CSSStyleSheet", "DOMParser"]) {
  globalThis[name] = window[name];
}
// jsdom has no layout, so that every text has the same size for each of its characters.
const width = (element) => (element.textContent || "").length * 8;
window.SVGElement.prototype.getBBox = function () {
  return { x: 0, y: 0, width: width(this), height: 20 };
};
window.SVGElement.prototype.getComputedTextLength = function () {
  return width(this);
};

const { default: mermaid } = await import(
  pathToFileURL(join(process.argv[2], "node_modules/mermaid/dist/mermaid.core.mjs")).href
);
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

const texts = (root, selector) =>
  [...root.querySelectorAll(selector)].map((one) => one.textContent.replace(/\s+/g, " ").trim());
const diagrams = [];
const markdown = readFileSync(0, "utf8");
for (const [, text] of markdown.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) {
  const { svg } = await mermaid.render(`diagram${diagrams.length}`, text);
  const root = new JSDOM(svg).window.document;
  diagrams.push({
    nodes: texts(root, "g.node"),
    groups: texts(root, "g.cluster"),
    edges: texts(root, "g.edgeLabel").filter((one) => one !== ""),
    arrows: root.querySelectorAll("path.flowchart-link").length,
    active: root.querySelectorAll("a, script, img, foreignObject *[onclick]").length,
  });
}
console.log(JSON.stringify(diagrams));
