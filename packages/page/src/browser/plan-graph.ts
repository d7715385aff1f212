import { isOpen, objects, text } from "./json.ts";
import type { Open } from "./json.ts";
import type { ShownRun } from "./plan-model.ts";
import { stepHash } from "./plan-route.ts";
import { stateKind, stateWord } from "./plan-words.ts";

const svgNamespace = "http://www.w3.org/2000/svg";
const longestName = 32;

type Attributes = Readonly<Record<string, string | number>>;

function svg(tag: string, attributes: Attributes, ...children: readonly (Node | string)[]): SVGElement {
  const node = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** The drawing of a plan; `show` colours its steps as they stand. */
export interface GraphView {
  readonly node: SVGElement;
  show(run: ShownRun, chosen: string | undefined): void;
}

/** Draws what the server has placed. */
export function graphView({ key, graph = {} }: ShownRun): GraphView {
  const boxes = new Map<string, SVGElement>();
  const nodes = objects(graph["nodes"]).map((placed) => {
    const name = text(placed["name"]) ?? "";
    const box = nodeView(placed, name, key);
    boxes.set(name, box);
    return box;
  });
  const [width, height] = [number(graph["width"]), number(graph["height"])];
  const node = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: "plan-graph",
      "aria-label": "Graph of the plan",
      role: "group",
    },
    arrowHead(),
    ...objects(graph["edges"]).map(edgeView),
    ...nodes,
  );
  return {
    node,
    show({ steps, fields }, chosen) {
      for (const [name, box] of boxes) {
        const state = steps.get(name)?.["state"] ?? (fields["status"] === name ? name : "waiting");
        const kind = `node ${stateKind(state)}${name === chosen ? " chosen" : ""}`;
        if (box.getAttribute("class") !== kind) box.setAttribute("class", kind);
        box.setAttribute("aria-label", `${name}: ${stateWord(state)}`);
      }
    },
  };
}

function nodeView(placed: Open, name: string, run: string): SVGElement {
  const [x, y] = [number(placed["x"]), number(placed["y"])];
  const [width, height] = [number(placed["width"]), number(placed["height"])];
  const isEnd = placed["isEnd"] === true;
  const shape = svg("rect", {
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: isEnd ? height / 2 : 6,
  });
  const shown = name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
  const label = svg("text", { x, y: y + 5, "text-anchor": "middle" }, shown);
  return isEnd
    ? svg("g", { class: "node" }, shape, label)
    : svg("a", { class: "node", href: stepHash(run, name) }, shape, label);
}

function edgeView(edge: Open): SVGElement {
  const points = objects(edge["points"]).map((point) => `${number(point["x"])},${number(point["y"])}`);
  const label = text(edge["label"]) ?? "";
  return svg(
    "g",
    { class: "edge" },
    svg("polyline", { points: points.join(" "), "marker-end": "url(#arrow)" }),
    svg(
      "text",
      { x: number(edge["x"]), y: number(edge["y"]) + 4, "text-anchor": "middle" },
      label.slice(0, 60),
    ),
  );
}

function arrowHead(): SVGElement {
  const shape = svg("path", { d: "M0,0 L8,4 L0,8 z" });
  const marker = {
    id: "arrow",
    viewBox: "0 0 8 8",
    refX: 8,
    refY: 4,
    markerWidth: 7,
    markerHeight: 7,
    orient: "auto",
  };
  return svg("defs", {}, svg("marker", marker, shape));
}

/** Whether the server has placed the steps of the run. */
export function isDrawn({ graph }: ShownRun): boolean {
  return isOpen(graph) && objects(graph["nodes"]).length > 0;
}
