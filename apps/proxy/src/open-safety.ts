import { statSync } from "node:fs";
import { openAudit } from "@parley/gateway";
import type { Audit, Gateway, GatewayDependencies } from "@parley/gateway";
import { toParleyError } from "@parley/core";
import type { Settings } from "./settings.ts";

/** What a gateway is made with so that it is watched, and what ends that. */
export interface OpenSafety {
  readonly dependencies: Pick<GatewayDependencies, "safety" | "observers">;
  /** Takes up what others approve in the file of pins. @returns what stops it */
  follow(gateway: Gateway): () => void;
  /** Writes down what was called to the end; for after the gateway was closed. */
  close(): Promise<void>;
}

type SafetySettings = Pick<
  Settings,
  "pins" | "onChange" | "scan" | "scanResults" | "auditLog" | "auditArguments" | "config"
>;

const lookMs = 1000;

/** @throws `E_CONFIG_INVALID` for an audit log that cannot be written */
export async function openSafety(
  { pins, onChange, scan, scanResults, auditLog, auditArguments, config }: SafetySettings,
  warn: (message: string) => void,
): Promise<OpenSafety> {
  const audit =
    auditLog === undefined
      ? undefined
      : await openAudit({ path: auditLog, args: auditArguments, notice: warn });
  return {
    dependencies: {
      safety: {
        pins,
        onChange,
        scan,
        scanResults,
        approval: (item) => approvalCommand(item, { pins, config }),
        sinks: audit === undefined ? [] : [audit],
      },
      observers: audit === undefined ? [] : [audit.observer],
    },
    follow: (gateway) => (pins === undefined ? () => undefined : followPins(pins, gateway, warn)),
    close: async () => await sealed(audit),
  };
}

async function sealed(audit: Audit | undefined): Promise<void> {
  await audit?.close();
}

function approvalCommand(item: string, { pins, config }: Pick<SafetySettings, "pins" | "config">): string {
  const servers = config === undefined ? "" : ` --config ${config}`;
  return `mcpo pins approve ${item}${servers} --pins ${pins ?? "FILE"}`;
}

/** By looking at it now and then, which works on every file system. */
function followPins(path: string, gateway: Gateway, warn: (message: string) => void): () => void {
  let seen = signOf(path);
  const timer = setInterval(() => {
    const now = signOf(path);
    if (now === seen) return;
    seen = now;
    try {
      gateway.refreshPins();
    } catch (error) {
      warn(`The pins in use stay: ${toParleyError(error).message}`);
    }
  }, lookMs).unref();
  return () => clearInterval(timer);
}

function signOf(path: string): string {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts === undefined ? "" : `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
}
