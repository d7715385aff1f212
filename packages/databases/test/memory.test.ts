import { createMemoryDatabase } from "@parley/databases";
import { describeDatabase } from "@parley/testing";

describeDatabase("memory", async () => ({ database: createMemoryDatabase() }));
