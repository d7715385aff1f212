import { Graph, layout } from "@dagrejs/dagre";
import type { PlanView } from "@parley/plans";

/** A step or an end of a plan, placed. Lengths are pixels of the drawing. */
export interface GraphNode {
  /** The step's name, or `success`, `failure` for the ends. */
  readonly name: string;
  readonly isEnd: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What leads from a step to another on an event. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The events, where several lead the same way. */
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Where the label stands. */
  readonly x: number;
  readonly y: number;
}

/** A plan as it is drawn: from top to bottom, in layers. */
export interface PlanGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What is used of dagre's graph, whose own types resolve only under a bundler. */
interface LayoutGraph {
  setGraph(label: object): void;
  setNode(name: string, label: object): void;
  setEdge(from: string, to: string, label: object): void;
  graph(): { readonly width?: number; readonly height?: number };
  nodes(): string[];
  edges(): { readonly v: string; readonly w: string }[];
  node(name: string): Partial<Box>;
  edge(from: string, to: string): Partial<Placed>;
}

/** Plans of more steps are listed and not drawn: nobody reads such a drawing. */
const mostDrawn = 200;
const characterWidth = 8;
const nodeHeight = 44;

/** dagre keeps nodes in plain objects, in which a step may not be called `constructor`. */
const keyOf = (name: string): string => `step ${name}`;
const nameOf = (key: string): string => key.slice("step ".length);

/** Places the steps of a plan, by the layered method of Sugiyama as dagre has it. */
export function graphOf({ steps }: Pick<PlanView, "steps">): PlanGraph | undefined {
  if (steps.length > mostDrawn) return undefined;
  const graph: LayoutGraph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 44, marginx: 12, marginy: 12 });
  const names = new Set(steps.map(({ name }) => name));
  for (const [from, to, label] of transitionsOf(steps)) {
    if (!names.has(to)) graph.setNode(keyOf(to), { width: 84, height: 30 });
    graph.setEdge(keyOf(from), keyOf(to), { label, width: label.length * 7, height: 16, labelpos: "c" });
  }
  for (const name of names) {
    graph.setNode(keyOf(name), {
      width: Math.min(280, Math.max(110, name.length * characterWidth + 28)),
      height: nodeHeight,
    });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: graph.nodes().map((key) => ({
      name: nameOf(key),
      isEnd: !names.has(nameOf(key)),
      ...boxOf(graph.node(key)),
    })),
    edges: graph.edges().map(({ v, w }) => ({ from: nameOf(v), to: nameOf(w), ...lineOf(graph.edge(v, w)) })),
  };
}

/** From, to, and the events, each pair once. */
function transitionsOf(steps: PlanView["steps"]): [from: string, to: string, label: string][] {
  return steps.flatMap(({ name, transitions }) => {
    const events = new Map<string, string[]>();
    for (const [event, next] of Object.entries(transitions))
      events.set(next, [...(events.get(next) ?? []), event]);
    return Array.from(events, ([next, said]): [string, string, string] => [name, next, said.join(", ")]);
  });
}

type Box = Pick<GraphNode, "x" | "y" | "width" | "height">;

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Box>): Box {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}

type Placed = Pick<GraphEdge, "x" | "y" | "label" | "points">;

function lineOf({ x = 0, y = 0, label = "", points = [] }: Partial<Placed>): Placed {
  const rounded = points.map((point) => ({ x: Math.round(point.x), y: Math.round(point.y) }));
  return { label, x: Math.round(x), y: Math.round(y), points: rounded };
}
